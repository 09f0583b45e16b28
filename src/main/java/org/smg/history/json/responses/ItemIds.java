package org.smg.history.json.responses;

/** Gives the items of one answer their ids. */
public interface ItemIds {

  /**
   * The id of an item.
   *
   * @param index where it stands in the output, or null where that is not said
   * @param sent the model server's id for it, or null
   */
  String of(Long index, String sent, String type);

  /**
   * The id of an item that has come before, or what was sent if none has.
   *
   * @param sent may be null
   */
  String known(Long index, String sent);
}
