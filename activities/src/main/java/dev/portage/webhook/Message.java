package dev.portage.webhook;

import dev.portage.lane.TurnRequest;
import dev.portage.live.LiveWatchId;
import dev.portage.notice.Notice;
import dev.portage.text.Bounded;
import dev.portage.text.Utc;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A notice in the words that people read, whatever shows them.
 *
 * @param title one line
 * @param facts what else there is to know, by what it is
 * @param command what to type to carry on, null when nobody has to
 * @param link the promotion's page, null where no Web UI is known
 */
record Message(String title, List<Fact> facts, @Nullable String command, @Nullable URI link) {

  private static final int MOST_LINES = 10;
  private static final int COMMIT = 12;

  Message {
    facts = List.copyOf(facts);
  }

  /**
   * One thing to know.
   *
   * @param name what it is
   * @param text one line or several, of others
   */
  record Fact(String name, String text) {}

  /** What people read of a notice. */
  static Message of(Notice notice, @Nullable URI link) {
    List<Fact> facts = new ArrayList<>();
    Notice.Asked request = notice.request();
    switch (notice.kind()) {
      case ASKED, REMINDED -> {
        if (request != null) {
          add(facts, "Needed", request.missing());
          add(facts, "Until", time(request.expires()));
          alsoFrom(facts, request);
          add(facts, "Gates", request.gates());
          add(facts, "Changes", request.changes());
        }
      }
      case DECIDED, EXPIRED -> {
        decisions(facts, notice);
        if (request != null) {
          add(facts, "Gates", request.gates());
        }
      }
      case RELEASED -> {
        add(facts, "Live", notice.live());
        decisions(facts, notice);
      }
      case ROLLBACK -> {
        add(facts, "Why", notice.says());
        add(facts, "Live", notice.live());
        decisions(facts, notice);
      }
      case WATCH -> {
        add(facts, "Seen", notice.says());
        add(facts, "Live", notice.live());
      }
      case STOPPED, FROZEN, PREEMPTED, REJECTED, FAILED, CANCELLED, SUPERSEDED ->
          trouble(facts, notice);
    }
    add(facts, what(notice.promotion()), notice.promotion());
    String commit = notice.commit();
    if (commit != null) {
      add(facts, "Commit", commit.substring(0, Math.min(COMMIT, commit.length())));
    }
    add(facts, "Started by", notice.startedBy());
    return new Message(title(notice), facts, notice.next(), link);
  }

  /** What a workflow that sends notices is. */
  private static String what(String workflow) {
    if (workflow.startsWith(LiveWatchId.WATCHES)) {
      return "Watch";
    }
    return workflow.startsWith(TurnRequest.ROLLBACKS) ? "Rollback" : "Promotion";
  }

  private static String title(Notice notice) {
    Notice.Asked request = notice.request();
    String name = request == null ? "the request" : request.name();
    String target = request == null ? "" : " for " + request.target();
    String what =
        switch (notice.kind()) {
          case ASKED -> "approval " + name + target + " is needed";
          case REMINDED -> "approval " + name + target + " is still needed";
          case DECIDED -> name + (isRejected(notice) ? " was rejected" : " was approved");
          case EXPIRED -> name + " has expired: nobody decided in time";
          case STOPPED -> "stopped; it continues once someone resumes it";
          case RELEASED ->
              notice.live().isEmpty() ? "released" : "released " + String.join(", ", notice.live());
          case ROLLBACK ->
              notice.live().isEmpty()
                  ? "rolled back"
                  : "rolled back to " + String.join(", ", notice.live());
          case WATCH -> "the watch of the released version found a problem";
          case REJECTED -> "rejected by the gates";
          case FAILED -> "failed";
          case CANCELLED -> "cancelled";
          case FROZEN -> "waiting for the end of a freeze";
          case PREEMPTED -> "a rollback took the turn; the promotion requests it again";
          case SUPERSEDED -> "superseded by a newer promotion";
        };
    return notice.model() + ": " + what;
  }

  private static boolean isRejected(Notice notice) {
    return notice.decisions().stream().anyMatch(decision -> decision.verdict().equals("reject"));
  }

  private static void alsoFrom(List<Fact> facts, Notice.Asked request) {
    Instant from = request.alsoFrom();
    if (from != null) {
      add(facts, "From " + time(from) + " also", "one of " + String.join(" or ", request.also()));
    }
  }

  private static void decisions(List<Fact> facts, Notice notice) {
    add(
        facts,
        "Decided",
        notice.decisions().stream()
            .map(decision ->
                decision.verdict()
                    + " by "
                    + Bounded.line(decision.by())
                    + (decision.comment() == null ? "" : ": " + Bounded.line(decision.comment())))
            .toList());
  }

  private static void trouble(List<Fact> facts, Notice notice) {
    Notice.Trouble problem = notice.problem();
    if (problem == null) {
      add(facts, "State", notice.says());
      return;
    }
    add(facts, "Failed", problem.tried() + " in " + problem.where());
    add(facts, "Came back", problem.cameBack());
    add(facts, "What to do", problem.remedy());
    if (problem.page() != null) {
      add(facts, "See", problem.page().toString());
    }
    add(facts, "Live", notice.live());
  }

  private static void add(List<Fact> facts, String name, List<String> lines) {
    List<String> few = lines.stream().limit(MOST_LINES).toList();
    String more = lines.size() > MOST_LINES ? "\n… " + (lines.size() - MOST_LINES) + " more" : "";
    add(facts, name, String.join("\n", few) + more);
  }

  private static void add(List<Fact> facts, String name, String text) {
    if (!text.isBlank()) {
      facts.add(new Fact(name, text));
    }
  }

  private static String time(Instant at) {
    return Utc.minutes(at);
  }
}
