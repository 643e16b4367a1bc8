package dev.portage.history;

import dev.portage.approval.Decision;
import dev.portage.failure.Problem;
import dev.portage.live.LiveState;
import dev.portage.release.Proof;
import dev.portage.release.Release;
import dev.portage.text.Block;
import dev.portage.text.Block.Items;
import dev.portage.text.Block.Keep;
import dev.portage.text.Block.Paragraph;
import dev.portage.text.Block.Table;
import dev.portage.text.Line;
import dev.portage.text.Page;
import dev.portage.text.Page.Section;
import dev.portage.text.Span;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The history of a model as pages: a table for the Web UI, everything for a terminal. */
public final class HistoryText {

  /** Digits of a commit or digest that people compare. */
  private static final int SHOWN = 12;

  private HistoryText() {}

  /** A row for each entry. */
  static Page table(HistoryView view) {
    List<Section> sections = new ArrayList<>(live(view));
    if (!view.events().isEmpty()) {
      sections.add(
          Section.of(
              "Entries",
              new Table(
                  List.of("when", "what", "where", "version", "commit", "by", "why"),
                  view.events().stream().map(HistoryText::row).toList(),
                  Keep.FIRST)));
    }
    return new Page(title(view), head(view), sections);
  }

  /** All that is known of each entry. */
  public static Page full(HistoryView view) {
    List<Section> sections = new ArrayList<>(live(view));
    List<HistoryEvent> events = view.events();
    for (int i = 0; i < events.size(); i++) {
      sections.add(section(events.get(i), before(events, i)));
    }
    return new Page(title(view), head(view), sections);
  }

  private static Line title(HistoryView view) {
    Instant at = view.at();
    return at == null
        ? Line.words("history of ").andText(view.model())
        : Line.words("what was live of ")
            .andText(view.model())
            .andWords(" at ")
            .and(new Span.Moment(at));
  }

  private static List<Block> head(HistoryView view) {
    List<Block> head = new ArrayList<>();
    Problem problem = view.problem();
    if (problem != null) {
      head.add(new Paragraph(Line.text(problem.message())));
    }
    boolean empty = problem == null && view.at() == null && view.events().isEmpty();
    if (empty && !view.lacksAnswers()) {
      head.add(
          new Paragraph(
              Line.words("nothing is recorded; a version that is live already is recorded by: ")
                  .and(new Span.Code("portage adopt " + view.model() + " --workspace WORKSPACE"))));
    }
    for (WorkspaceHistory workspace : view.workspaces()) {
      Problem unread = workspace.problem();
      if (unread != null) {
        head.add(
            new Paragraph(
                Line.text(workspace.workspace())
                    .andWords(" did not answer: ")
                    .andText(unread.cameBack())
                    .andWords(" → ")
                    .andText(unread.remedy())));
      }
      workspace.notes().forEach(note -> head.add(new Paragraph(Line.text(note))));
      if (workspace.more()) {
        head.add(
            new Paragraph(
                Line.words("older entries of ")
                    .andText(workspace.workspace())
                    .andWords(" are left out: raise --limit, or name --workspace")));
      }
    }
    return head;
  }

  private static List<Section> live(HistoryView view) {
    return view.live().stream().map(HistoryText::live).toList();
  }

  private static Section live(LiveThen then) {
    List<Line> lines = new ArrayList<>();
    for (LiveState state : then.things()) {
      lines.add(Line.text(state.thing()).andWords(": ").andText(state.text()));
    }
    HistoryEvent since = then.since();
    if (since != null) {
      lines.addAll(facts(since));
    }
    HistoryEvent frozen = then.frozen();
    if (frozen != null) {
      lines.add(Line.words("frozen then: ").and(new Span.Text(heading(frozen))));
    }
    if (then.known()) {
      lines.add(Line.words("as recorded: changes by hand since then are not in it"));
    }
    return new Section(
        Line.text(then.workspace()).andWords(": ").andText(then.text()),
        lines.isEmpty() ? List.of() : List.of(Items.of(lines, Keep.ESSENTIAL)));
  }

  /** The entry that made live what this one found; null if it is not listed. */
  private static @Nullable HistoryEvent before(List<HistoryEvent> events, int index) {
    HistoryEvent event = events.get(index);
    return event.release() == null
        ? null
        : events.subList(index + 1, events.size()).stream()
            .filter(other -> other.release() != null)
            .filter(other -> other.workspace().equals(event.workspace()))
            .findFirst()
            .orElse(null);
  }

  private static Section section(HistoryEvent event, @Nullable HistoryEvent earlier) {
    List<Line> lines = new ArrayList<>();
    if (event.reason() != null) {
      lines.add(Line.words("why: ").andText(event.reason()));
    }
    lines.addAll(facts(event));
    Release release = event.release();
    if (release != null) {
      release
          .states()
          .forEach(
              state -> lines.add(Line.text(state.thing()).andWords(": ").andText(state.text())));
      if (event.kind() != HistoryKind.ADOPTION) {
        // An adoption replaces nothing: what it found is what it records.
        replaced(release, earlier, lines);
      }
    }
    return new Section(
        Line.empty().and(new Span.Moment(event.at())).andWords("  ").andText(heading(event)),
        lines.isEmpty() ? List.of() : List.of(Items.of(lines, Keep.FIRST)));
  }

  /** Who changed something by hand leaves no entry, but the next one finds it. */
  private static void replaced(Release release, @Nullable HistoryEvent earlier, List<Line> lines) {
    String found = release.previousVersion();
    Release made = earlier == null ? null : earlier.release();
    if (made != null && !made.version().equals(found) && !release.version().equals(found)) {
      lines.add(
          Line.words("found ")
              .andText(found == null ? "no version" : "version " + found)
              .andWords(" live, which no entry says: it was changed by hand"));
    } else if (found != null && !found.equals(release.version())) {
      lines.add(Line.words("before: version ").andText(found));
    }
  }

  private static List<Line> facts(HistoryEvent event) {
    List<Line> lines = new ArrayList<>();
    Release release = event.release();
    if (release != null) {
      lines.add(
          Line.words("version ")
              .andText(release.version())
              .andWords(release.commit() == null ? ", commit unknown" : ", commit ")
              .andText(shortened(release.commit()))
              .andWords(", digest ")
              .andText(shortened(release.digest())));
    }
    if (event.workflow() != null) {
      lines.add(Line.words("workflow ").and(new Span.Code(event.workflow())));
    }
    if (release != null) {
      release.decisions().forEach(decision -> lines.add(decided(decision)));
      Proof proof = release.proof();
      if (proof != null) {
        lines.add(proven(proof));
      } else if (release.decisions().isEmpty() && event.kind() == HistoryKind.RELEASE) {
        lines.add(Line.words("approved by nobody, as far as was recorded"));
      }
    }
    return lines;
  }

  private static Line decided(Decision decision) {
    Line line =
        Line.words("approved by ")
            .andText(decision.by())
            .andWords(decision.group() == null ? "" : " for ")
            .andText(decision.group() == null ? "" : decision.group())
            .andWords(" at ")
            .and(new Span.Moment(decision.at()))
            .andWords(
                decision.channel() == null
                    ? ""
                    : " by " + decision.channel().name().toLowerCase(Locale.ROOT));
    return decision.comment() == null ? line : line.andWords(": ").andText(decision.comment());
  }

  private static Line proven(Proof proof) {
    return Line.words(proof.request() == null ? "nobody was asked" : "decided on request ")
        .andText(proof.request() == null ? "" : proof.request())
        .andWords(": gates ")
        .andText(proof.outcome())
        .andWords(", evidence ")
        .andText(shortened(proof.evidence()))
        .andWords(", plan ")
        .andText(shortened(proof.plan()))
        .andWords("; names are ")
        .andText(proof.identity());
  }

  private static String heading(HistoryEvent event) {
    String where =
        " in "
            + event.workspace()
            + (event.until() == null ? "" : " until " + event.until())
            + " by "
            + (event.by() == null ? "someone who was not recorded" : event.by());
    String subject = event.subject() == null ? "" : event.subject();
    return switch (event.kind()) {
      case QUARANTINE -> "quarantine" + where + ": " + subject;
      case LIFT -> "lift of a quarantine" + where + ": " + subject;
      case ROLLBACK -> "rollback" + wayBack(event.release()) + where;
      case RELEASE, ADOPTION, FREEZE, UNFREEZE, BREAK_GLASS, UNWATCH -> {
        Release release = event.release();
        yield event.kind().word()
            + (release == null ? "" : " of version " + release.version())
            + (subject.isEmpty() ? "" : " of " + subject)
            + where;
      }
    };
  }

  /** The version that is live again, and the one that was left, if another was live. */
  private static String wayBack(@Nullable Release release) {
    if (release == null) {
      return "";
    }
    String left = release.previousVersion();
    return " to version "
        + release.version()
        + (left == null || left.equals(release.version()) ? "" : ", from version " + left + ",");
  }

  private static List<Line> row(HistoryEvent event) {
    Release release = event.release();
    return List.of(
        Line.empty().and(new Span.Moment(event.at())),
        Line.words(event.kind().word()),
        Line.text(event.workspace()),
        Line.text(release == null ? "" : release.version()),
        Line.text(release == null ? "" : shortened(release.commit())),
        Line.text(event.by() == null ? "" : event.by()),
        Line.text(why(event)));
  }

  private static String why(HistoryEvent event) {
    if (event.reason() != null) {
      return event.reason();
    }
    Release release = event.release();
    if (release == null || release.decisions().isEmpty()) {
      return "";
    }
    return "approved by "
        + String.join(", ", release.decisions().stream().map(Decision::by).toList());
  }

  private static String shortened(@Nullable String id) {
    return id == null ? "" : id.substring(0, Math.min(SHOWN, id.length()));
  }
}
