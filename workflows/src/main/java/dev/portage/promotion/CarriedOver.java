package dev.portage.promotion;

import dev.portage.approval.Decision.Channel;
import dev.portage.approval.Decision.Verdict;
import dev.portage.approval.DecisionMessage;
import dev.portage.approval.DeskState;
import dev.portage.lane.TurnRequest;
import dev.portage.live.EndpointDuplicateCheck;
import dev.portage.live.JobDuplicateCheck;
import dev.portage.notice.NoticeReport;
import dev.portage.release.FollowUp;
import dev.portage.step.StepsState;
import dev.portage.underway.Superseded;
import dev.portage.versioncopy.RunDuplicateCheck;
import dev.portage.versioncopy.VersionDuplicateCheck;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a promotion's workflow hands to the next, which continues exactly where it
 * stopped. Temporal ends a run at 50 MB or 51,200 events, and anyone who may send a signal can fill
 * one.
 *
 * @param steps all that is recorded of steps
 * @param progress its state
 * @param desk requests, decisions and refusals
 * @param sent decisions that came and are not applied yet, in order
 * @param messages how many decisions came so far
 * @param turn the asking for a turn that waits, null without one
 * @param turns how often a turn was requested
 * @param versions versions to check for duplicates at the end
 * @param copies runs likewise
 * @param jobs jobs likewise
 * @param endpoints what endpoints served, likewise; null for none
 * @param left what follows from champions and is not done
 * @param followed what of that is done, by step
 * @param tooLate whether a cancel is not heard any more
 * @param sentNotices what was sent, and what has not arrived; null from a run that sent nothing
 * @param superseded the newer promotion that takes its place once it holds no turn; null for none
 * @param breakGlass the order to go through a freeze; null for none
 */
public record CarriedOver(
    StepsState steps,
    ProgressState progress,
    DeskState desk,
    List<Sent> sent,
    Integer messages,
    @Nullable TurnRequest turn,
    Integer turns,
    List<VersionDuplicateCheck> versions,
    List<RunDuplicateCheck> copies,
    List<JobDuplicateCheck> jobs,
    @Nullable List<EndpointDuplicateCheck> endpoints,
    List<Left> left,
    Map<String, List<String>> followed,
    Boolean tooLate,
    @Nullable SentNotices sentNotices,
    @Nullable Superseded superseded,
    @Nullable GlassState breakGlass) {

  public CarriedOver {
    sent = List.copyOf(sent);
    versions = List.copyOf(versions);
    copies = List.copyOf(copies);
    jobs = List.copyOf(jobs);
    endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
    left = List.copyOf(left);
    followed = Map.copyOf(followed);
  }

  /**
   * Notices that were sent.
   *
   * @param notices ids of all notices
   * @param reports those that have not arrived, by receiver
   */
  public record SentNotices(List<String> notices, List<NoticeReport> reports) {
    public SentNotices {
      notices = List.copyOf(notices);
      reports = List.copyOf(reports);
    }
  }

  /**
   * A decision that came and is not applied yet.
   *
   * @param verdict what it says
   * @param message the message, its comment as it is kept
   * @param id its id
   * @param came when
   * @param late whether the time for it was up
   * @param cut whether its comment was longer
   * @param channel over which way it came, null when unknown
   */
  public record Sent(
      Verdict verdict,
      DecisionMessage message,
      String id,
      Instant came,
      Boolean late,
      Boolean cut,
      @Nullable Channel channel) {}

  /**
   * Something that follows from a champion.
   *
   * @param order what
   * @param why the most recent error
   * @param until when it is not tried any more, in milliseconds of the workflow's clock
   */
  public record Left(FollowUp order, String why, Long until) {}

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(StepsState steps, ProgressState progress, DeskState desk) {
    return new Builder(steps, progress, desk);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final StepsState steps;
    private final ProgressState progress;
    private final DeskState desk;
    private List<Sent> sent = List.of();
    private Integer messages = 0;
    private @Nullable TurnRequest turn;
    private Integer turns = 0;
    private List<VersionDuplicateCheck> versions = List.of();
    private List<RunDuplicateCheck> copies = List.of();
    private List<JobDuplicateCheck> jobs = List.of();
    private List<EndpointDuplicateCheck> endpoints = List.of();
    private List<Left> left = List.of();
    private Map<String, List<String>> followed = Map.of();
    private Boolean tooLate = false;
    private @Nullable SentNotices sentNotices;
    private @Nullable Superseded superseded;
    private @Nullable GlassState breakGlass;

    private Builder(StepsState steps, ProgressState progress, DeskState desk) {
      this.steps = steps;
      this.progress = progress;
      this.desk = desk;
    }

    /** Decisions that came and are not applied yet, and how many came so far. */
    public Builder decisions(List<Sent> sent, Integer messages) {
      this.sent = sent;
      this.messages = messages;
      return this;
    }

    /** The asking for a turn that waits, null without one, and how often one was requested. */
    public Builder turns(@Nullable TurnRequest turn, Integer turns) {
      this.turn = turn;
      this.turns = turns;
      return this;
    }

    /** Versions, runs, jobs and records of endpoints to check for duplicates at the end. */
    public Builder duplicates(
        List<VersionDuplicateCheck> versions,
        List<RunDuplicateCheck> copies,
        List<JobDuplicateCheck> jobs,
        List<EndpointDuplicateCheck> endpoints) {
      this.endpoints = endpoints;
      this.versions = versions;
      this.copies = copies;
      this.jobs = jobs;
      return this;
    }

    /** What follows from champions and is not done, and what of it is done, by step. */
    public Builder followUps(List<Left> left, Map<String, List<String>> followed) {
      this.left = left;
      this.followed = followed;
      return this;
    }

    /** Whether a cancel is not heard any more. */
    public Builder tooLate(Boolean tooLate) {
      this.tooLate = tooLate;
      return this;
    }

    /** What was sent, and what has not arrived; null from a run that sent nothing. */
    public Builder sentNotices(@Nullable SentNotices sentNotices) {
      this.sentNotices = sentNotices;
      return this;
    }

    /** The newer promotion that takes its place once it holds no turn; null for none. */
    public Builder superseded(@Nullable Superseded superseded) {
      this.superseded = superseded;
      return this;
    }

    /** The order to go through a freeze; null for none. */
    public Builder breakGlass(@Nullable GlassState breakGlass) {
      this.breakGlass = breakGlass;
      return this;
    }

    /** What was filled in. */
    public CarriedOver build() {
      return new CarriedOver(
          steps,
          progress,
          desk,
          sent,
          messages,
          turn,
          turns,
          versions,
          copies,
          jobs,
          endpoints,
          left,
          followed,
          tooLate,
          sentNotices,
          superseded,
          breakGlass);
    }
  }
}
