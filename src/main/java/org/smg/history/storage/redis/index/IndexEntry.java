package org.smg.history.storage.redis.index;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.smg.history.model.Conversation;
import org.smg.history.model.Feedback;
import org.smg.history.model.StoredResponse;
import org.smg.history.storage.redis.layout.NamePart;
import org.smg.history.storage.redis.layout.RecordEncoding;
import org.smg.history.storage.redis.layout.RecordText;

/**
 * A conversation, response or feedback in an index.
 *
 * @param lists which lists of the index it is on
 * @param order texts that sort as the lists are ordered, before ids
 */
public record IndexEntry(List<String> lists, String order, String id) {

  private static final String NEVER = "9999999999999";

  /** The list of everything that a tenant has. */
  public static final String ALL = "all";

  public static IndexEntry of(Conversation conversation) {
    return new IndexEntry(
        lists(by("owner", conversation.owner())),
        order(RecordEncoding.micros(conversation.createdAt())),
        conversation.key().id());
  }

  public static IndexEntry of(StoredResponse response) {
    return new IndexEntry(
        lists(
            by("owner", response.owner()),
            by("conversation", response.conversationId()),
            by("user", response.user()),
            by("safety_identifier", response.safetyIdentifier())),
        order(RecordEncoding.micros(response.createdAt()))
            + order(RecordEncoding.micros(response.recordedAt())),
        response.key().id());
  }

  public static IndexEntry of(Feedback feedback) {
    return new IndexEntry(
        lists(
            by("owner", feedback.owner()),
            by("conversation", feedback.conversationId()),
            by("response", feedback.responseId())),
        order(RecordEncoding.micros(feedback.createdAt())),
        feedback.key().id());
  }

  private static List<String> lists(String... some) {
    List<String> lists = new ArrayList<>(List.of(ALL));
    for (String list : some) {
      if (!list.isEmpty()) {
        lists.add(list);
      }
    }
    return lists;
  }

  /** The entry of one member, with the one list that the member is on. */
  public static IndexEntry parse(String member) {
    int order = member.indexOf(' ');
    int id = member.indexOf(' ', order + 1);
    int expiry = member.lastIndexOf(' ');
    return new IndexEntry(
        List.of(member.substring(0, order)),
        member.substring(order + 1, id),
        RecordText.unescape(member.substring(id + 1, expiry)));
  }

  /** When a member expires: milliseconds since 1970, or -1 for never. */
  public static String expiryOf(String member) {
    String expiry = member.substring(member.lastIndexOf(' ') + 1);
    return expiry.equals(NEVER) ? "-1" : expiry;
  }

  /** The lists that have all of what meets a filter: those of its values, or that of everything. */
  public static List<String> narrowest(String... ofValues) {
    List<String> lists = Stream.of(ofValues).filter(list -> !list.isEmpty()).toList();
    return lists.isEmpty() ? List.of(ALL) : lists;
  }

  /** The list of what has a value; empty where there is no value. */
  public static String by(String name, String value) {
    return value == null ? "" : name + "=" + NamePart.encoded(value);
  }

  /** 16 hexadecimal digits that sort as the numbers do, negative ones too. */
  public static String order(long micros) {
    return "%016x".formatted(micros ^ Long.MIN_VALUE);
  }

  public String listNames() {
    return String.join(" ", lists);
  }

  /** What its members begin with, behind the name of the list. */
  public String knownBy() {
    return order + " " + RecordText.word(id);
  }

  /**
   * What its members are behind the name of the list.
   *
   * @param expiresAt milliseconds since 1970, which have 13 digits until the year 2286, or -1 for
   *     never
   */
  public String until(String expiresAt) {
    return knownBy() + " " + (expiresAt.equals("-1") ? NEVER : expiresAt);
  }
}
