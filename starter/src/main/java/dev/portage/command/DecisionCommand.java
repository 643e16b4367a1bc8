package dev.portage.command;

import dev.portage.adopt.AdoptStart;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.Request;
import dev.portage.connection.TemporalConnection;
import dev.portage.promotion.PromotionState;
import dev.portage.promotion.PromotionView;
import dev.portage.quarantine.Quarantined;
import dev.portage.release.FinishView;
import dev.portage.release.Unfinished;
import dev.portage.rollback.RollbackView;
import dev.portage.step.CourseView;
import dev.portage.text.Bounded;
import dev.portage.watch.Courses;
import dev.portage.watch.Finishing;
import dev.portage.watch.NotKnown;
import dev.portage.watch.Rollbacks;
import dev.portage.watch.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A person's decision about a promotion. */
abstract class DecisionCommand extends PromotionCommand {

  @Option(names = "--comment", paramLabel = "TEXT", description = "Remark, kept in the record.")
  private @Nullable String comment;

  @Option(names = "--by", paramLabel = "NAME", description = "Who is deciding.")
  private @Nullable String by;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Id of the decision; the same id counts only once.")
  private @Nullable String id;

  private final String verb;

  DecisionCommand(CommandEnvironment context, String verb, IdParameter which) {
    super(context, which);
    this.verb = verb;
  }

  /**
   * A decision as a JSON document.
   *
   * @param id the promotion
   * @param decision id of the decision
   * @param request request it answers, null for an order
   * @param by who decided
   * @param says what became of it
   * @param stored whether it is only stored, until a worker is back
   */
  record Answer(
      String id,
      String decision,
      @Nullable String request,
      String by,
      String says,
      boolean stored) {}

  /** The request to answer, null for an order that answers none. */
  abstract @Nullable String request(TemporalConnection connection);

  /** Name of the message. */
  String verb() {
    return verb;
  }

  /** What is kept with it, null for nothing. */
  @Nullable String comment() {
    return comment;
  }

  /** Does it another way, where a message can't: the exit code, empty where a message can. */
  OptionalInt withoutMessage(Screen screen, TemporalConnection connection, String person) {
    return OptionalInt.empty();
  }

  /** What else follows from it, for who decided; nothing for most. */
  List<String> afterwards(TemporalConnection connection, @Nullable String request) {
    return List.of();
  }

  @Override
  final int run(Screen screen) {
    String person = person(by);
    String text = comment();
    if (text != null && !Bounded.fits(text, Bounded.COMMENT)) {
      throw new UsageException(
          "the comment or reason is longer than the " + Bounded.COMMENT + " bytes that are kept");
    }
    try (TemporalConnection connection = connect(screen)) {
      find(screen, connection);
      OptionalInt withoutMessage = withoutMessage(screen, connection, person);
      if (withoutMessage.isPresent()) {
        return withoutMessage.getAsInt();
      }
      String request = request(connection);
      DecisionSender.Sent sent =
          new DecisionSender(connection, context().timeouts().decision())
              .send(
                  id(),
                  verb(),
                  new DecisionMessage(
                      request, person, text, id == null ? UUID.randomUUID().toString() : id, null));
      screen.say(sent.text());
      if (!sent.stored()) {
        screen.say(afterwards(connection, request));
      }
      screen.document(
          new Answer(id(), sent.decision(), request, person, sent.text(), sent.stored()));
      return sent.stored() ? ExitCode.WAITING : ExitCode.DONE;
    }
  }

  /** An answer to a request. */
  abstract static class Answering extends DecisionCommand {

    @Option(
        names = "--request",
        paramLabel = "NAME",
        description = "The request, such as prod-1. Default: the open one.")
    private @Nullable String request;

    Answering(CommandEnvironment context, String verb) {
      super(context, verb, new IdParameter.OfAsking());
    }

    private String requestOfRollback(TemporalConnection connection) {
      Courses.Seen<RollbackView> seen =
          new Courses<>(
                  connection,
                  new Rollbacks.Kind(),
                  context().timeouts().look(),
                  context().timeouts().worker())
              .look(id())
              .orElseThrow(() -> NotKnown.id(connection, id()));
      String open = seen.view().asked().open();
      if (open != null) {
        return open;
      }
      throw new UsageException(
          seen.answered()
              ? "no request of "
                  + id()
                  + " is open: it is "
                  + seen.view().state()
                  + ", "
                  + seen.view().says()
              : "no worker is responding, so the open request is unknown; name it with --request");
    }

    @Override
    final String request(TemporalConnection connection) {
      if (CourseScreen.asksNobody(id())) {
        throw new UsageException(
            id()
                + (AdoptStart.isId(id()) ? " is an adoption" : " is a watch")
                + ", which asks nobody; see: portage status "
                + id());
      }
      if (request != null) {
        return request;
      }
      if (isRollback()) {
        return requestOfRollback(connection);
      }
      Snapshot snapshot = look(connection);
      PromotionView view = snapshot.view();
      if (view.request() != null) {
        return view.request();
      }
      if (snapshot.answered()) {
        throw new DecisionSender.RefusedException(
            "no request of " + id() + " is open: it is " + view.state() + ", " + view.says());
      }
      throw new UsageException(
          "no worker is responding, so the open request is unknown; name it with --request");
    }
  }

  @Command(name = "approve", description = "Approve the open request of a promotion or a rollback.")
  static final class Approve extends Answering {
    Approve(CommandEnvironment context) {
      super(context, "approve");
    }
  }

  @Command(
      name = "reject",
      description = "Reject the open request, which ends the promotion or the rollback.")
  static final class Reject extends Answering {
    Reject(CommandEnvironment context) {
      super(context, "reject");
    }

    /** A rejected rollback leaves everything as it is. */
    @Override
    List<String> afterwards(TemporalConnection connection, @Nullable String request) {
      if (isRollback()) {
        return List.of();
      }
      PromotionView view;
      try {
        view = look(connection).view();
      } catch (RuntimeException unanswered) {
        if (!TemporalAnswer.isFailure(unanswered)) {
          throw unanswered;
        }
        // The decision counts all the same.
        return List.of();
      }
      return view.requests().stream()
          .filter(asked -> asked.name().equals(request))
          .map(asked ->
              "  its candidate goes into quarantine in "
                  + asked.target()
                  + ": no promotion of it is let in there. If it may go live after all: portage lift "
                  + (view.candidate() == null
                      ? view.typedAt(asked.target())
                      : view.candidate().originModel())
                  + " "
                  + candidate(view, asked)
                  + " --reason TEXT")
          .toList();
    }

    /** As a quarantine names it. */
    private static String candidate(PromotionView view, Request asked) {
      String commit = view.candidate() == null ? view.commit() : view.candidate().commit();
      String named = commit == null ? asked.digest() : commit;
      return named.substring(0, Math.min(Quarantined.SHOWN, named.length()));
    }
  }

  /** An order about the traffic that a promotion moves. */
  abstract static class OfTraffic extends DecisionCommand {
    OfTraffic(CommandEnvironment context, String verb) {
      super(context, verb, new IdParameter.OfPromotion());
    }

    @Override
    final @Nullable String request(TemporalConnection connection) {
      return null;
    }

    @Override
    final OptionalInt withoutMessage(Screen screen, TemporalConnection connection, String person) {
      if (isRollback()) {
        throw new UsageException(
            id() + " is a rollback: it moves all traffic at once, and watches nothing");
      }
      if (CourseScreen.asksNobody(id())) {
        throw new UsageException(
            id() + " is not a promotion: it moves no traffic; see: portage status " + id());
      }
      return OptionalInt.empty();
    }
  }

  @Command(
      name = "proceed",
      description = {
        "End a soak early: the next share of the traffic follows without another look.",
        "Only while a promotion moves traffic."
      })
  static final class Proceed extends OfTraffic {
    Proceed(CommandEnvironment context) {
      super(context, "proceed");
    }
  }

  @Command(
      name = "abort",
      description = {
        "Send all traffic back to the old version, and give the turn back.",
        "Only while a promotion moves traffic. The promotion stops; resume starts the step again."
      })
  static final class Abort extends OfTraffic {
    Abort(CommandEnvironment context) {
      super(context, "abort");
    }
  }

  @Command(
      name = "resume",
      description = {
        "Resume a promotion, rollback, adoption or watch that stopped at a failed step.",
        "If it has ended with its model live, finish what it left unfinished."
      })
  static final class Resume extends DecisionCommand {

    /** It retries for about two minutes itself; after that, the Web UI shows it. */
    private static final Duration STAY = Duration.ofMinutes(4);

    @Option(
        names = "--break-glass",
        description =
            "Go through a freeze that holds it up; a second person confirms by the same command.")
    private boolean breakGlass;

    @Option(
        names = "--reason",
        paramLabel = "TEXT",
        description = "Why the freeze is broken, kept in the record.")
    private @Nullable String reason;

    Resume(CommandEnvironment context) {
      super(context, "resume", new IdParameter.OfAny());
    }

    @Override
    String verb() {
      return breakGlass ? "break-glass" : super.verb();
    }

    @Override
    @Nullable String comment() {
      if (breakGlass && (reason == null || reason.isBlank())) {
        throw new UsageException("--break-glass needs a reason: add --reason TEXT");
      }
      if (!breakGlass && reason != null) {
        throw new UsageException("--reason belongs to --break-glass; for a remark, use --comment");
      }
      return breakGlass ? reason : super.comment();
    }

    @Override
    @Nullable String request(TemporalConnection connection) {
      return null;
    }

    /** A closed workflow takes no order, so another one finishes what it left. */
    @Override
    OptionalInt withoutMessage(Screen screen, TemporalConnection connection, String person) {
      if (breakGlass && CourseScreen.isId(id())) {
        throw new UsageException(
            "--break-glass is for promotions: no freeze holds up "
                + id()
                + "; to resume it: portage resume "
                + id());
      }
      if (CourseScreen.asksNobody(id())) {
        return OptionalInt.empty();
      }
      if (isRollback()) {
        RollbackView view = new RollbackScreen(screen, context(), connection).look(id()).view();
        return finished(
            screen,
            connection,
            new Ended(
                view.id(),
                view.model(),
                view.says(),
                view.state().ended(),
                view.state() == CourseView.State.DONE,
                view.unfinished()),
            person);
      }
      PromotionView view = look(connection).view();
      return finished(
          screen,
          connection,
          new Ended(
              view.id(),
              view.model(),
              view.says(),
              view.state().ended(),
              view.state() == PromotionState.RELEASED,
              view.left()),
          person);
    }

    /**
     * A workflow that may have ended.
     *
     * @param live whether what it was for is live
     */
    private record Ended(
        String id, String model, String says, boolean ended, boolean live, List<Unfinished> left) {}

    private OptionalInt finished(
        Screen screen, TemporalConnection connection, Ended view, String person) {
      if (view.live() && view.left().isEmpty()) {
        screen.say(view.id() + " has ended: " + view.says() + "; nothing is left to finish");
        screen.document(new Finished(view.id(), null, person, List.of(), List.of()));
        return OptionalInt.of(ExitCode.DONE);
      }
      if (!view.ended() || view.left().isEmpty()) {
        return OptionalInt.empty();
      }
      Finishing finishing = new Finishing(connection);
      String id = finishing.start(view.id(), view.model(), view.left(), person);
      screen.say(view.left().size() + " unfinished; finishing in " + id);
      connection.promotionPage(id).ifPresent(page -> screen.say("  see " + page));
      Finishing.End end = finishing.await(id, STAY);
      FinishView finished =
          end instanceof Finishing.Done done
              ? done.view()
              : new FinishView(view.id(), person, List.of(), view.left());
      finished.done().forEach(text -> screen.say("  ✓ " + text));
      screen.document(new Finished(view.id(), id, person, finished.done(), finished.unfinished()));
      return OptionalInt.of(
          switch (end) {
            case Finishing.Done _ -> {
              finished.unfinished().forEach(left -> screen.say("  ✗ " + left.text()));
              yield finished.unfinished().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
            }
            case Finishing.Ended _ -> {
              screen.say("someone ended that workflow; to retry: portage resume " + view.id());
              yield ExitCode.FAILED;
            }
            case Finishing.UnderWay _ -> {
              screen.say("not finished yet; see: portage status " + view.id());
              yield ExitCode.WAITING;
            }
          });
    }

    /**
     * What came of it as a JSON document.
     *
     * @param id the promotion
     * @param finishing id of the workflow that finishes what it left; null if there was nothing
     * @param by who ordered it
     * @param done what was done, a line each
     * @param unfinished what still is not, or is not known to be
     */
    record Finished(
        String id,
        @Nullable String finishing,
        String by,
        List<String> done,
        List<Unfinished> unfinished) {}
  }
}
