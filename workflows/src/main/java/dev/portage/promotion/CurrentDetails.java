package dev.portage.promotion;

import dev.portage.approval.Needed;
import dev.portage.approval.Request;
import dev.portage.failure.Problem;
import dev.portage.identity.NameFault;
import dev.portage.release.Unfinished;
import dev.portage.text.Bounded;
import dev.portage.text.Markdown;
import dev.portage.text.SizedPage;
import dev.portage.text.SizedPage.Keep;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A promotion as a page: what the Temporal Web UI shows as its current details. Markdown, at most
 * {@link Bounded#PAGE} bytes. What people need in order to act is complete: its state, who may act,
 * what to paste, why it stopped and what to do; tables and lists are shortened, with the number of
 * omitted rows. Text from others is escaped.
 */
final class CurrentDetails {

  /** How much of a text is shown where there is room, and where there is little. */
  private enum Room {
    MUCH(1_000, 10, 4_000, 15),
    LITTLE(200, 3, 1_000, 0);

    private final int line;
    private final int names;
    private final int answer;
    private final int trace;

    Room(int line, int names, int answer, int trace) {
      this.line = line;
      this.names = names;
      this.answer = answer;
      this.trace = trace;
    }
  }

  /** Bytes of the longest id in a line to paste; Temporal takes no longer ones. */
  private static final int ID = 1_000;

  private static final int PAGE_LINK = 300;

  private CurrentDetails() {}

  static String of(PromotionView view) {
    SizedPage page = page(view, Room.MUCH);
    return (page.isRoomy() ? page : page(view, Room.LITTLE)).markdown();
  }

  private static SizedPage page(PromotionView view, Room room) {
    SizedPage page = new SizedPage(Bounded.PAGE);
    page.whole(
        "## "
            + words(view.model(), Bounded.NAME)
            + ": "
            + view.state()
            + "\n\n"
            + words(view.says(), room.line)
            + "\n\n");
    view.requests().stream()
        .filter(request -> request.name().equals(view.request()))
        .findFirst()
        .ifPresent(request -> request(page, view, request, room));
    stop(page, view, room);
    unfinished(page, view, room);
    steps(page, view);
    refused(page, view);
    notices(page, view);
    return page;
  }

  private static void request(SizedPage page, PromotionView view, Request request, Room room) {
    page.whole(
        "### Who can approve\n\nNeeded by "
            + request.expires().truncatedTo(ChronoUnit.MINUTES)
            + ": "
            + words(Needed.text(request.groups().stream().limit(room.names).toList()), room.line)
            + ". Can't approve: "
            + barred(view, room)
            + ".\n\n"
            + gaps(view, room)
            + commands("approve", view.id(), request.name()));
    page.table(
        "### Evidence (digest "
            + Markdown.code(request.digest().substring(0, Math.min(12, request.digest().length())))
            + ")\n\n| gate | outcome | measured | required |\n|---|---|---|---|\n",
        Keep.FIRST,
        width ->
            request.evidence().results().stream()
                .map(result ->
                    row(
                        width,
                        result.gate(),
                        result.outcome().name(),
                        result.measured(),
                        result.required()))
                .toList());
    page.table(
        "### Plan\n\n| what | now | then |\n|---|---|---|\n",
        Keep.FIRST,
        width ->
            request.plan().actions().stream()
                .map(action -> row(width, action.what(), action.shownNow(), action.shownThen()))
                .toList());
  }

  /** What is not known of who may not approve. */
  private static String gaps(PromotionView view, Room room) {
    List<String> gaps = view.notKnown();
    StringBuilder text = new StringBuilder();
    gaps.stream()
        .limit(room.names)
        .forEach(gap -> text.append("- ").append(words(gap, room.line)).append('\n'));
    if (gaps.size() > room.names) {
      text.append("- … ").append(gaps.size() - room.names).append(" more\n");
    }
    return text.isEmpty()
        ? ""
        : "Portage doesn't know everyone involved, and nobody may approve their own work:\n\n"
            + text
            + "\n";
  }

  /** Who may not approve, since they had a hand in it. */
  private static String barred(PromotionView view, Room room) {
    List<String> people = view.barred();
    List<String> few =
        people.stream()
            .limit(room.names)
            .map(name -> words(name, room.line / 10))
            .collect(Collectors.toCollection(ArrayList::new));
    if (people.size() > room.names) {
      few.add(people.size() - room.names + " more");
    }
    return String.join(", ", few);
  }

  private static void stop(SizedPage page, PromotionView view, Room room) {
    Problem problem = view.problem();
    if (view.state() == PromotionState.STOPPED && problem != null) {
      page.whole(
          "### Why\n\n"
              + Markdown.fenced(shortened(problem, room).message(), "")
              + "\n"
              + commands("resume", view.id(), ""));
    }
  }

  private static Problem shortened(Problem problem, Room room) {
    return new Problem(
        problem.kind(),
        problem.tried(),
        problem.where(),
        Bounded.lines(problem.cameBack(), room.answer),
        problem.remedy(),
        room.trace == 0 ? List.of() : Bounded.lastLines(problem.trace(), room.trace, PAGE_LINK),
        shown(problem.page()));
  }

  private static void unfinished(SizedPage page, PromotionView view, Room room) {
    List<Unfinished> left = view.left();
    if (left.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder("### Unfinished, though the model is live\n\n");
    left.stream()
        .limit(room.names)
        .forEach(each -> text.append("- ").append(words(each.text(), room.line)).append('\n'));
    if (left.size() > room.names) {
      text.append("- … ").append(left.size() - room.names).append(" more\n");
    }
    text.append('\n');
    if (view.state().ended()) {
      text.append(Markdown.fenced("portage resume " + Bounded.line(view.id(), ID), ""))
          .append('\n');
    }
    page.whole(text.toString());
  }

  /** The line to paste: into a shell, or as the payload of a signal in the Web UI. */
  private static String commands(String verb, String id, String request) {
    String line = "portage " + verb + " " + Bounded.line(id, ID);
    String payload = "{";
    if (!request.isEmpty()) {
      line += " --request " + Bounded.line(request, Bounded.NAME);
      payload += "\"request\":\"" + Bounded.line(request, Bounded.NAME) + "\",";
    }
    return Markdown.fenced(line, "")
        + "\nor send the signal "
        + Markdown.code(verb)
        + " with "
        + Markdown.code(payload + "\"by\":\"" + NameFault.PLACEHOLDER + "\"}")
        + "\n\n";
  }

  private static void steps(SizedPage page, PromotionView view) {
    page.table(
        "### Steps\n\n| | step | result | duration |\n|---|---|---|---|\n",
        Keep.FIRST,
        width -> view.steps().stream().map(step -> row(step, width)).toList());
  }

  private static String row(StepView step, int width) {
    String made = Bounded.line(step.result() == null ? "" : step.result(), width);
    return "| "
        + mark(step.state())
        + " | "
        + Markdown.cell(Bounded.line(step.name(), width))
        + (step.attempt() > 1 ? " (attempt " + step.attempt() + ")" : "")
        + " | "
        + Markdown.link(made, shown(step.page()))
        + " | "
        + took(step)
        + " |\n";
  }

  private static void refused(SizedPage page, PromotionView view) {
    if (!view.refused().isEmpty()) {
      page.list(
          "### Refused messages\n\n",
          Keep.LAST,
          width ->
              view.refused().stream()
                  .map(refusal ->
                      "- "
                          + words(refusal.message(), width)
                          + ": "
                          + words(refusal.reason(), width)
                          + "\n")
                  .toList());
    }
  }

  private static void notices(SizedPage page, PromotionView view) {
    if (!view.notices().isEmpty()) {
      page.list(
          "### Notices\n\n",
          Keep.LAST,
          width ->
              view.notices().stream()
                  .map(notice -> "- " + words(notice, 2 * width) + "\n")
                  .toList());
    }
  }

  private static String mark(StepView.State state) {
    return switch (state) {
      case PENDING -> "·";
      case RUNNING -> "▶";
      case DONE -> "✓";
      case FAILED -> "✗";
      case SKIPPED -> "–";
    };
  }

  private static String took(StepView step) {
    return step.started() == null || step.ended() == null
        ? ""
        : Duration.between(step.started(), step.ended()).toSeconds() + " s";
  }

  private static String row(int width, String... cells) {
    StringBuilder row = new StringBuilder("|");
    for (String cell : cells) {
      row.append(' ').append(Markdown.cell(Bounded.line(cell, width))).append(" |");
    }
    return row.append('\n').toString();
  }

  private static String words(String text, int bytes) {
    return Markdown.line(Bounded.line(text, bytes));
  }

  private static @Nullable URI shown(@Nullable URI page) {
    return page == null || page.toASCIIString().length() > PAGE_LINK ? null : page;
  }
}
