package dev.portage.command;

import dev.portage.checkout.Checkout;
import dev.portage.checkout.CheckoutException;
import dev.portage.connection.TemporalConnection;
import dev.portage.shortid.PromotionFinder;
import dev.portage.start.PromotionFiles;
import dev.portage.watch.ExistingPromotion;
import dev.portage.watch.NotKnown;
import dev.portage.watch.Promotions;
import dev.portage.watch.Rollbacks;
import dev.portage.watch.Snapshot;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** A command about one promotion, or about something else that consists of steps. */
abstract class PromotionCommand extends BaseCommand {

  @Mixin private final IdParameter which;

  private @Nullable String id;

  PromotionCommand(CommandEnvironment context, IdParameter which) {
    super(context);
    this.which = which;
  }

  @Override
  final @Nullable String promotion() {
    String typed = which.typed();
    if (id != null || typed == null) {
      return id;
    }
    return CourseScreen.isId(typed.strip()) ? typed.strip() : Promotions.id(typed);
  }

  /** The whole id, once it was found. */
  final String id() {
    return Objects.requireNonNull(id, "found first");
  }

  /**
   * Finds which promotion is meant, and says so where it was not written out.
   *
   * @throws NoSuchElementException when there is none
   */
  final void find(Screen screen, TemporalConnection connection) {
    String typed = which.typed();
    if (typed != null && CourseScreen.isId(typed.strip())) {
      id = typed.strip();
      return;
    }
    PromotionFinder finder = new PromotionFinder(connection);
    id = typed == null ? newest(finder) : finder.named(typed, checkout());
    boolean writtenOut = typed != null && Promotions.id(typed).equals(id);
    if (!writtenOut && output() != Output.MARKDOWN) {
      screen.say(id);
    }
  }

  /** Where it is about a rollback or an adoption, which have views and pages of their own. */
  final Optional<CourseScreen<?>> course(Screen screen, TemporalConnection connection) {
    return CourseScreen.of(id(), screen, context(), connection);
  }

  /** Whether it is about a rollback. */
  final boolean isRollback() {
    return Rollbacks.isId(id());
  }

  private String newest(PromotionFinder finder) {
    Checkout checkout =
        Checkout.around(context().folder())
            .orElseThrow(() ->
                new UsageException(
                    "which promotion? Outside a Git repository give its id; list promotions with:"
                        + " portage list"));
    List<String> models = PromotionFiles.models(PromotionFiles.of(checkout));
    if (models.isEmpty()) {
      throw new UsageException(
          checkout.top()
              + " has no promotion.yaml, so give the promotion's id; list promotions with:"
              + " portage list");
    }
    return finder
        .newestOf(checkout, models)
        .map(ExistingPromotion::id)
        .orElseThrow(() ->
            new NoSuchElementException(
                finder.where()
                    + " knows no promotion of this checkout ("
                    + String.join(", ", models)
                    + "); start one with: portage start promotion.yaml"));
  }

  /** Where no checkout is, or git does not run, only its short commits are unknown. */
  private Optional<Checkout> checkout() {
    try {
      return Checkout.around(context().folder());
    } catch (CheckoutException _) {
      return Optional.empty();
    }
  }

  final Snapshot look(TemporalConnection connection) {
    return new Promotions(connection).look(id()).orElseThrow(() -> NotKnown.id(connection, id()));
  }
}
