package org.smg.history.storage.memory;

import java.util.Optional;
import java.util.function.Function;
import org.smg.history.model.Feedback;
import org.smg.history.model.FeedbackFilter;
import org.smg.history.model.Page;
import org.smg.history.model.PageRequest;
import org.smg.history.model.Scope;
import org.smg.history.storage.ByteMeter;
import org.smg.history.storage.FeedbackStore;
import org.smg.history.storage.IdempotencyRecord;

final class MemoryFeedbackStore implements FeedbackStore {

  private final Function<String, TenantHistory> tenants;
  private final Eviction eviction;
  private final ByteMeter meter;

  MemoryFeedbackStore(Function<String, TenantHistory> tenants, Eviction eviction, ByteMeter meter) {
    this.tenants = tenants;
    this.eviction = eviction;
    this.meter = meter;
  }

  @Override
  public Feedback add(Scope scope, Feedback feedback, Optional<IdempotencyRecord> once) {
    TenantHistory tenant = tenant(scope);
    MemoryResponse response = tenant.response(scope, feedback.responseId());
    OrderedIndex.Place place =
        new OrderedIndex.Place(feedback.createdAt(), feedback.createdAt(), feedback.key().id());
    Feedback stored =
        tenant
            .idempotency()
            .once(
                once,
                () ->
                    response.exclusively(
                        () -> {
                          response.feedbackIds().add(feedback.key().id());
                          return tenant
                              .feedback()
                              .findOrAdd(
                                  place,
                                  () -> {
                                    tenant.heap().add(HeapUse.of(feedback));
                                    meter.measure(scope, () -> TextBytes.of(feedback));
                                    return feedback.about(response.description());
                                  });
                        }));
    eviction.used(response.candidate());
    eviction.makeRoom();
    return stored;
  }

  @Override
  public Optional<Feedback> find(Scope scope, String id) {
    TenantHistory tenant = tenant(scope);
    return tenant.feedback().find(id).filter(found -> tenant.isVisible(scope, found));
  }

  @Override
  public Page<Feedback> list(Scope scope, FeedbackFilter filter, PageRequest page) {
    TenantHistory tenant = tenant(scope);
    return tenant
        .feedback()
        .list(feedback -> tenant.isVisible(scope, feedback), filter::includes, page);
  }

  @Override
  public boolean delete(Scope scope, String id) {
    TenantHistory tenant = tenant(scope);
    Optional<Feedback> removed = tenant.removeFeedback(found -> tenant.isVisible(scope, found), id);
    removed
        .flatMap(found -> tenant.responses().find(found.responseId()))
        .ifPresent(response -> response.forget(id));
    removed.ifPresent(found -> meter.measure(scope, () -> -TextBytes.of(found)));
    return removed.isPresent();
  }

  private TenantHistory tenant(Scope scope) {
    return tenants.apply(scope.tenant());
  }
}
