package dev.portage.shortid;

import dev.portage.checkout.Checkout;
import dev.portage.connection.TemporalConnection;
import dev.portage.watch.ExistingPromotion;
import dev.portage.watch.NotKnown;
import dev.portage.watch.PromotionList;
import dev.portage.watch.Promotions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowServiceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the promotion that is meant. Lists lag a little, and some servers have none, so what this
 * checkout knows is looked up directly, too.
 */
public final class PromotionFinder {

  /** Promotions among which is searched, newest first. */
  private static final int MOST = 1000;

  /** Commits that are looked up one by one where the server has no list. */
  private static final int COMMITS = 20;

  private static final int KEY_DIGITS = 12;

  private final TemporalConnection connection;
  private final Promotions promotions;
  private final PromotionList list;

  /** Queries through a connection. */
  public PromotionFinder(TemporalConnection connection) {
    this.connection = connection;
    this.promotions = new Promotions(connection);
    this.list = new PromotionList(connection);
  }

  /**
   * The whole id of what was typed.
   *
   * @param checkout commits whose ids may be shortened; empty for none
   * @throws AmbiguousIdException when several promotions fit
   * @throws NoSuchElementException when none fits
   */
  public String named(String typed, Optional<Checkout> checkout) {
    ShortId id = ShortId.of(typed);
    if (!id.isPossible()) {
      throw new NoSuchElementException(
          "\"" + typed + "\" is not a promotion's id; list promotions with: portage list");
    }
    if (id.isWhole()) {
      return id.id();
    }
    if (id.model() != null && promotions.find(id.id()).isPresent()) {
      return id.id();
    }
    List<PromotionList.Entry> fitting =
        listed(id.model()).stream().filter(entry -> id.fits(entry.id())).toList();
    if (fitting.size() > 1) {
      throw new AmbiguousIdException(typed, fitting);
    }
    return fitting.isEmpty()
        ? ofCommit(id, checkout).orElseThrow(() -> NotKnown.id(connection, id.id()))
        : fitting.getFirst().id();
  }

  /** A commit of the checkout, by the beginning of its id: also where there is no list yet. */
  private Optional<String> ofCommit(ShortId id, Optional<Checkout> checkout) {
    String model = id.model();
    return model == null || !id.key().matches("[0-9a-f]{4,}")
        ? Optional.empty()
        : checkout
            .flatMap(here -> here.find(id.key()))
            .filter(commit -> commit.startsWith(id.key()))
            .map(commit -> Promotions.id(model + "/" + commit.substring(0, KEY_DIGITS)))
            .filter(found -> promotions.find(found).isPresent());
  }

  /**
   * The newest promotion of a checkout: of one of its commits, or of one of its models where it was
   * trained elsewhere. Empty when there is none.
   *
   * @param models names of the models that are promoted from it
   */
  public Optional<ExistingPromotion> newestOf(Checkout checkout, List<String> models) {
    List<ExistingPromotion> candidates = new ArrayList<>();
    List<PromotionList.Entry> listed = new ArrayList<>();
    for (String model : models) {
      listed.addAll(listed(model));
    }
    Set<String> commits = listed.isEmpty() ? Set.of() : checkout.shortIds(KEY_DIGITS);
    listed.stream()
        .filter(entry -> entry.commit() == null || commits.contains(entry.commit()))
        .map(entry -> new ExistingPromotion(entry.id(), entry.ended() != null, entry.started(), ""))
        .forEach(candidates::add);
    List<String> newest = checkout.newest(candidates.isEmpty() ? COMMITS : 1);
    for (String commit : newest) {
      for (String model : models) {
        repeats(Promotions.id(model + "/" + commit.substring(0, KEY_DIGITS)), candidates);
      }
      if (!candidates.isEmpty()) {
        break;
      }
    }
    return candidates.stream().max(Comparator.comparing(ExistingPromotion::started));
  }

  /** A promotion, and those that repeated it. */
  private void repeats(String id, List<ExistingPromotion> into) {
    Optional<ExistingPromotion> found = promotions.find(id);
    for (int number = 2; found.isPresent(); number++) {
      into.add(found.get());
      found = promotions.find(id + "/" + number);
    }
  }

  private List<PromotionList.Entry> listed(@Nullable String model) {
    try {
      return list.outline(model, MOST);
    } catch (WorkflowServiceException | StatusRuntimeException e) {
      // The server inside the JVM has no list.
      if (Status.fromThrowable(e).getCode() == Status.Code.UNIMPLEMENTED) {
        return List.of();
      }
      throw e;
    }
  }

  /** Where it looks, for messages. */
  public String where() {
    return "Temporal at " + connection.address();
  }
}
