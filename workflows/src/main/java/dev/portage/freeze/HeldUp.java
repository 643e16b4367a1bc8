package dev.portage.freeze;

import dev.portage.text.Block;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Line;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whom a frozen workspace holds up, and who is still to be told that freezes have ended. Pure; what
 * it holds fits into a payload, and what it shows does not grow with it.
 */
final class HeldUp {

  /** Of both together. Further ones find out by themselves. */
  static final int MOST = 4_000;

  /** A page of more would be made again for each that comes. */
  private static final int SHOWN = 50;

  private final Map<String, Instant> held = new LinkedHashMap<>();
  private final Set<String> toTell;

  HeldUp(FrozenState before) {
    before.held().forEach(one -> held.put(one.promotion(), one.until()));
    toTell = new LinkedHashSet<>(before.toTell());
  }

  /** Takes one in, if it is a promotion and there is room. */
  void hold(Held one) {
    boolean fits = held.size() + toTell.size() < MOST || held.containsKey(one.promotion());
    if (one.isPromotion() && fits) {
      held.put(one.promotion(), one.until());
    }
  }

  /** Freezes were ended: all are to be told whose own has not ended in time. */
  void ended(Instant now) {
    forgetWhoContinues(now);
    // Who is still held up by another freeze announces itself again.
    toTell.addAll(held.keySet());
    held.clear();
  }

  /** Strikes off those whose freezes have ended in time. */
  void forgetWhoContinues(Instant now) {
    held.values().removeIf(until -> !now.isBefore(until));
  }

  boolean isAnybodyHeld() {
    return !held.isEmpty();
  }

  boolean isAnybodyToTell() {
    return !toTell.isEmpty();
  }

  boolean isEmpty() {
    return held.isEmpty() && toTell.isEmpty();
  }

  /** When the last freeze of those who are held up ends. */
  Instant last() {
    return held.values().stream().max(Comparator.naturalOrder()).orElse(Instant.MIN);
  }

  /**
   * Those who are told next. They are struck off before they are told: one that announces itself
   * again as soon as it was, is to be told once more.
   */
  List<String> takeNext(int most) {
    List<String> next = toTell.stream().limit(most).toList();
    next.forEach(toTell::remove);
    return next;
  }

  FrozenState state() {
    List<Held> all = new ArrayList<>();
    held.forEach((promotion, until) -> all.add(new Held(promotion, until)));
    return new FrozenState(all, List.copyOf(toTell));
  }

  /** For people: the first ones, and how many more there are; empty for nobody. */
  List<Section> sections() {
    if (isEmpty()) {
      return List.of();
    }
    List<Line> first =
        Stream.concat(toTell.stream(), held.keySet().stream())
            .limit(SHOWN)
            .map(one -> Line.empty().and(new Span.Code(one)))
            .toList();
    List<Block> blocks = new ArrayList<>(List.of(new Items(first, true, Keep.ESSENTIAL)));
    int more = held.size() + toTell.size() - first.size();
    if (more > 0) {
      blocks.add(new Paragraph(Line.words("and " + more + " more")));
    }
    return List.of(new Section(Line.words("Held up"), blocks));
  }
}
