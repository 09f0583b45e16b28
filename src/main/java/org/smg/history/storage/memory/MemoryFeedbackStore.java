package org.smg.history.storage.memory;

import java.util.Optional;
import java.util.function.Function;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Key;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.FeedbackStore;

final class MemoryFeedbackStore implements FeedbackStore {

  private final Function<String, TenantHistory> tenants;

  MemoryFeedbackStore(Function<String, TenantHistory> tenants) {
    this.tenants = tenants;
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback) {
    TenantHistory tenant = tenants.apply(feedback.key().tenant());
    MemoryResponse response = tenant.response(feedback.responseId());
    OrderedIndex.Place place =
        new OrderedIndex.Place(feedback.createdAt(), feedback.createdAt(), feedback.key().id());
    return response.exclusively(
        () -> {
          response.feedbackIds().add(feedback.key().id());
          return tenant.feedback().findOrAdd(place, () -> feedback.about(response.description()));
        });
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    Key feedback = scope.key(id);
    return tenants.apply(feedback.tenant()).feedback().find(feedback.id());
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    return tenants.apply(scope.tenant()).feedback().list(filter::includes, page);
  }

  @Override
  public boolean delete(Scope scope, String id) {
    Key feedback = scope.key(id);
    TenantHistory tenant = tenants.apply(feedback.tenant());
    Optional<Feedback> removed = tenant.feedback().remove(feedback.id());
    removed
        .flatMap(found -> tenant.responses().find(found.responseId()))
        .ifPresent(response -> response.forget(feedback.id()));
    return removed.isPresent();
  }
}
