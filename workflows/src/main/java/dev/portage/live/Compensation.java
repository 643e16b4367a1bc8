package dev.portage.live;

import dev.portage.failure.Failures;
import io.temporal.failure.TemporalFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a hop has changed and would undo if it failed, in reverse. Something is undone only where
 * what the hop made is still there; whatever can't be undone stays in the list, and a person is
 * told its exact state and what to run.
 */
public final class Compensation {

  private final LiveThings things;
  private final List<Pending> pending = new ArrayList<>();

  /**
   * A change that is not undone.
   *
   * @param change what was made
   * @param told whether a person was told that something else was found
   */
  public record Pending(LiveChange change, Boolean told) {}

  /**
   * What another run of the workflow needs of it.
   *
   * @param pending what is not undone, in the order in which it was changed
   */
  public record State(List<Pending> pending) {
    public State {
      pending = List.copyOf(pending);
    }
  }

  /**
   * Something that a person has to see to.
   *
   * @param thing name of the thing
   * @param why why it is not as before, and how it is now
   * @param command puts back by hand what was before
   */
  public record Unsettled(String thing, String why, String command) {

    /** All of it, in one line. */
    public String text() {
      return why + ". To put it back by hand: " + command;
    }
  }

  /**
   * @param before what an earlier run of the workflow hands on, null for nothing
   */
  public Compensation(LiveThings things, @Nullable State before) {
    this.things = things;
    if (before != null) {
      pending.addAll(before.pending());
    }
  }

  /** Notes a change, over what was noted of that thing before. */
  public void changed(LiveChange change) {
    if (change.before().equals(change.now())) {
      return;
    }
    pending.removeIf(one -> one.change().thing().equals(change.thing()));
    pending.add(new Pending(change, false));
  }

  /** For another run of the workflow; null for nothing. */
  public @Nullable State state() {
    return pending.isEmpty() ? null : new State(pending);
  }

  /** Whether there is something to undo. */
  public boolean isPending() {
    return !pending.isEmpty();
  }

  /** The changes that are not undone, in the order in which they were made. */
  public List<LiveChange> changes() {
    return pending.stream().map(Pending::change).toList();
  }

  /** What the hop changed shall stay: nothing is undone any more. */
  public void forget() {
    pending.clear();
  }

  /**
   * Undoes everything, in reverse; to be called where no cancel is heard, with the turn in hand.
   *
   * @param notice is told what became of each
   * @return what a person has to see to; empty when all is as before. What could not be undone is
   *     tried again by the next call. Something else that was found is left as it is, by the order
   *     of whoever was told of it, if the next call finds it again.
   */
  public List<Unsettled> undo(LiveContext context, Consumer<String> notice) {
    List<Unsettled> left = new ArrayList<>();
    for (Pending one : pending.reversed().stream().toList()) {
      LiveThing thing = things.named(one.change().thing());
      try {
        Undone undone = thing.undo(context, one.change());
        boolean settled = undone.outcome() == Undone.Outcome.PUT_BACK || one.told();
        notice.accept(
            undone.text()
                + (settled && undone.outcome() == Undone.Outcome.FOUND_OTHER
                    ? "; it stays as it is"
                    : ""));
        if (settled) {
          pending.remove(one);
        } else {
          pending.set(pending.indexOf(one), new Pending(one.change(), true));
          left.add(unsettled(context, thing, one.change(), undone.text()));
        }
      } catch (TemporalFailure failure) {
        String why =
            one.change().now().text()
                + " in "
                + context.workspace()
                + " could not be put back: "
                + Failures.line(failure);
        notice.accept(why);
        left.add(unsettled(context, thing, one.change(), why));
      }
    }
    return List.copyOf(left);
  }

  /** What a person has to see to where nothing may be undone. */
  public List<Unsettled> leftInPlace(LiveContext context, String why) {
    return pending.reversed().stream()
        .map(one ->
            new Unsettled(
                one.change().thing(),
                one.change().now().text()
                    + " in "
                    + context.workspace()
                    + " was not put back: "
                    + why,
                things.named(one.change().thing()).byHand(context, one.change(), null)))
        .toList();
  }

  private static Unsettled unsettled(
      LiveContext context, LiveThing thing, LiveChange change, String why) {
    LiveState now = null;
    String is;
    try {
      now = LiveThings.observe(context, thing, change.now().values());
      is = "; now it is: " + now.text();
    } catch (TemporalFailure blind) {
      is = "; what it is now can't be read: " + Failures.line(blind);
    }
    return new Unsettled(
        thing.name(),
        why + "; before it was: " + change.before().text() + is,
        thing.byHand(context, change, now));
  }
}
