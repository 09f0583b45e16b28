package org.smg.history.json;

import java.util.HashSet;
import java.util.Set;
import org.smg.history.model.HistoryFailure;
import org.smg.history.model.Metadata;
import org.smg.history.model.Rating;

/**
 * What clients send to give feedback. Members that are not known are refused.
 *
 * @param comment null if there is none
 * @param author null if there is none
 */
public record FeedbackDraft(Rating rating, String comment, String author, Metadata metadata) {

  public static FeedbackDraft of(byte[] body) {
    JsonInput in = new JsonInput(body);
    Rating rating = null;
    String comment = null;
    String author = null;
    Metadata metadata = Metadata.NONE;
    Set<String> seen = new HashSet<>();
    in.enterObject();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      in.refuseSecond(seen, name);
      switch (name) {
        case "rating" ->
            rating = in.atNull() ? null : EnumNames.read(Rating.class, in.path(), in.string());
        case "comment" -> comment = in.stringOrNull();
        case "author" -> author = in.stringOrNull();
        case "metadata" -> metadata = MetadataReader.read(in);
        default ->
            throw new HistoryFailure.Invalid(
                in.path(), "unknown_parameter", "Unknown parameter: '%s'.".formatted(in.path()));
      }
    }
    in.end();
    if (rating == null) {
      throw JsonInput.missing("rating");
    }
    return new FeedbackDraft(rating, comment, author, metadata);
  }
}
