package dev.portage.temporal;

import dev.portage.settings.Station;
import io.temporal.workflow.Workflow;

/**
 * Changes of the way that workflows go, each under an id that their histories keep. A promotion
 * waits through deployments: one that began before a change goes on in the old way, command by
 * command, and one that comes to it later goes the new way.
 *
 * <p>A command is what history records of workflow code: an activity, timer, child, signal to
 * another workflow, memo, search attribute. Where a change adds, drops or moves one, the code asks:
 *
 * <pre>{@code
 * if (Changes.made(Changes.TWINS_GO_AT_THE_END)) {
 *   registering.settle(order);
 * }
 * }</pre>
 *
 * <p>The answer is settled where a run asks first, and holds for that id until the run ends. So ask
 * right before the first command that differs, and use one id for what changed together. A constant
 * each, with a line on what changed; an id is never used again for something else, and goes only
 * when no run from before can still be open. What is no command needs none of this: current
 * details, answers to queries, state in fields.
 */
public final class Changes {

  /**
   * For a lane, from one of its grants on: a grant has a number, and is read from the lane instead
   * of being sent by a signal. Checked until it applies.
   */
  public static final String TURNS_HAVE_NUMBERS = "turns-have-numbers";

  /**
   * For a lane, from one message on: a request for another lane, or from something that is no
   * promotion, is dropped. Checked by the number of such messages, until it applies.
   */
  public static final String LANES_TAKE_THEIR_OWN = "lanes-take-their-own";

  /** For one request for the turn: the lane itself is asked whether it is granted. */
  public static final String TURN_IS_READ_FROM_THE_LANE = "turn-is-read-from-the-lane";

  /** A partition of a copy that fails ends the others, which ran on to their end before. */
  public static final String PARTITIONS_END_TOGETHER = "partitions-end-together";

  /**
   * At the end, everything created under a promotion's or a copy's keys is checked for duplicates.
   */
  public static final String TWINS_GO_AT_THE_END = "twins-go-at-the-end";

  /**
   * A copy that was started by an alias or a full name is made by another one, whose id has the
   * version's number.
   */
  public static final String ONE_COPY_A_VERSION = "one-copy-a-version";

  /**
   * For a hop: under the turn, checks whether this promotion was live here before, and first
   * restores what an earlier turn left undone.
   */
  public static final String LOOKS_BACK_AT_THE_TURN = "looks-back-at-the-turn";

  /**
   * For a hop: a change whose response may be lost is checked before anything is restored, and what
   * is live is reported afterwards.
   */
  public static final String LOOKS_AT_LOST_ANSWERS = "looks-at-lost-answers";

  /** For a hop: a run that can't be awaited is ended before the turn is given back. */
  public static final String RUNS_END_WITH_THE_TURN = "runs-end-with-the-turn";

  /**
   * For a hop: the champion is recorded right before it moves, the move is attempted for a bounded
   * time, and the turn is given back before the release is labelled and recorded.
   */
  public static final String TURN_GOES_BACK_AT_THE_CHAMPION = "turn-goes-back-at-the-champion";

  /** The origin's mark is attempted for a bounded time, and never replaces a newer release's. */
  public static final String CLOSES_WITHOUT_STOPPING = "closes-without-stopping";

  /** If the champion moved since the approval, only gates that pass let decisions stand. */
  public static final String STANDS_WHERE_THE_GATES_PASS = "stands-where-the-gates-pass";

  /** A promotion that was already released ends as released. */
  public static final String RELEASED_BEFORE_IS_RELEASED = "released-before-is-released";

  /**
   * Who may decide is read by an activity when a decision is applied. Before, groups were those of
   * the promotion's start and names were compared letter by letter.
   */
  public static final String PEOPLE_AT_DECISION = "people-at-decision";

  /** For a preflight of a version trained elsewhere: its run is read, which says who made it. */
  public static final String PREFLIGHT_ASKS_WHO_MADE_IT = "preflight-asks-who-made-it";

  /**
   * For a preflight: what needs no workspace is read where the workflow runs, what is live together
   * with the rights, and busy workers are distinguished from missing ones.
   */
  public static final String PREFLIGHT_ASKS_TOGETHER = "preflight-asks-together";

  /**
   * At a point where the history is long: the promotion continues as a new run. Checked until it
   * applies.
   */
  public static final String GOES_ON_IN_ANOTHER_RUN = "goes-on-in-another-run";

  /**
   * Decisions are applied as they arrive, even in a storm of messages, and an Update does not wait
   * behind signals. Before, they were collected for ten minutes.
   */
  public static final String DECISIONS_ARE_NOT_GATHERED = "decisions-are-not-gathered";

  /**
   * If many decisions wait, hundreds share one read of who may decide, and as many are handed to a
   * new run. Before, a storm of them kept a promotion in its run.
   */
  public static final String DECISIONS_ARE_READ_IN_BULK = "decisions-are-read-in-bulk";

  /** Whether a version was released before is also read from its record. */
  public static final String RECORDS_TELL_RELEASES = "records-tell-releases";

  /** For a hop: runs of the scoring job left by other promotions are ended before ours starts. */
  public static final String ENDS_RUNS_OF_OTHERS = "ends-runs-of-others";

  /**
   * For a hop: what is live there is read in parallel, the version's own tags and the job included.
   */
  public static final String LOOKS_TOGETHER = "looks-together";

  /**
   * At the end, duplicates of all kinds are searched for in parallel, not one kind after the other.
   */
  public static final String TWINS_ARE_LOOKED_FOR_TOGETHER = "twins-are-looked-for-together";

  /**
   * For a hop: if another release moved the champion and with it the scoring job, only the champion
   * counts as moved. Before, the job did too, and everyone who waited was asked again.
   */
  public static final String A_RELEASE_MOVES_ITS_JOB = "a-release-moves-its-job";

  /**
   * For a hop: if no list shows the scoring job, the one that the champion's release recorded is
   * read before a new one is planned.
   */
  public static final String LOOKS_FOR_THE_RECORDED_JOB = "looks-for-the-recorded-job";

  /**
   * For a hop: at the turn, the version's record and its duplicates are searched for in parallel
   * with what is live, not one after the other.
   */
  public static final String LOOKS_FOR_ALL_AT_THE_TURN = "looks-for-all-at-the-turn";

  /**
   * For a hop: the turn is given back while the champion's follow-ups run, all of them in parallel;
   * after the last hop the origin is marked and duplicates are removed at the same time.
   */
  public static final String FOLLOWS_UP_TOGETHER = "follows-up-together";

  /**
   * For registrations without files of their own: creating a version also decides which one counts.
   */
  public static final String SETTLED_WHERE_IT_IS_MADE = "settled-where-it-is-made";

  /** For a lane: the newest turn and whether the next one is still wanted are read together. */
  public static final String LANE_ASKS_TOGETHER = "lane-asks-together";

  /**
   * For a lane: if {@link #LANE_ASKS_TOGETHER} finds that the next one no longer wants the turn,
   * the one behind it does not wait for the newest turn. Replaces that change, which is no longer
   * checked.
   */
  public static final String LANES_ASK_WHO_WANTS_FIRST = "lanes-ask-who-wants-first";

  /**
   * For a preflight: a schedule that never fires again is refused. Checked if there is a schedule.
   */
  public static final String PREFLIGHT_REFUSES_A_PAST_SCHEDULE =
      "preflight-refuses-a-past-schedule";

  /** For a lane: whether the turn is wanted, who holds it, and the next number are one activity. */
  public static final String LANES_GRANT_IN_ONE_ACTIVITY = "lanes-grant-in-one-activity";

  /** For a hop: under the turn one activity reads everything. */
  public static final String LOOKS_IN_ONE_ACTIVITY = "looks-in-one-activity";

  /** At the end, one activity per workspace checks for duplicates of all kinds. */
  public static final String TWINS_GO_IN_ONE_ACTIVITY = "twins-go-in-one-activity";

  /** For a hop: a release's follow-ups in its own workspace are one activity. */
  public static final String FOLLOWS_UP_IN_ONE_ACTIVITY = "follows-up-in-one-activity";

  /**
   * For a promotion: search attributes are written once per workflow task. Before, each step and
   * each state was, even one that ended immediately.
   */
  public static final String ATTRIBUTES_ARE_TOLD_TOGETHER = "attributes-are-told-together";

  /**
   * What needs no workspace runs where the workflow runs: the platform file, and the gates. Checked
   * under the activity's name.
   */
  public static final String ASKS_WHERE_IT_RUNS = "asks-where-it-runs";

  /**
   * For a hop: its run scores into its own table, which is checked, and becomes visible in the live
   * one after the champion has moved. Before, it wrote the live table first.
   */
  public static final String PUBLISHES_AFTER_THE_CHAMPION = "publishes-after-the-champion";

  /** For a hop: the scoring job's changed settings are read when the gates are evaluated. */
  public static final String PLANS_SHOW_JOB_SETTINGS = "plans-show-job-settings";

  /** Of a promotion: people are told by notices, each delivered by a workflow of its own. */
  public static final String PEOPLE_ARE_TOLD = "people-are-told";

  /**
   * Of an open request: people are reminded of it, and from half of its time on a second group may
   * decide. Asked for where somebody is told, or there is such a group.
   */
  public static final String REQUESTS_ARE_RECALLED = "requests-are-recalled";

  /** Of a hop: a version that a release replaces is no longer labelled live. */
  public static final String FORMER_RELEASES_SAY_SO = "former-releases-say-so";

  /** A candidate that is not released loses the mark of one that is on its way. */
  public static final String MARKS_GO_WITH_THE_CANDIDATE = "marks-go-with-the-candidate";

  /**
   * Of a rehearsal: what the live tables of later workspaces take is read first, and the
   * rehearsal's rows are compared with it.
   */
  public static final String REHEARSES_FOR_LATER_TABLES = "rehearses-for-later-tables";

  /**
   * Of a hop that publishes: before it waits for the turn, the target's worker shows that it can.
   * Before, one of an older release was found out under the turn, after a quarter of an hour.
   */
  public static final String ASKS_WHO_PUBLISHES_BEFORE_THE_TURN =
      "asks-who-publishes-before-the-turn";

  /**
   * Of a lane: a timer goes when what it was for has come, and none is set for what is there.
   * Before, each turn left two that rang a minute later.
   */
  public static final String LANES_LEAVE_NO_TIMERS = "lanes-leave-no-timers";

  private Changes() {}

  /** Whether this run behaves as after a change. Only for workflow code. */
  public static boolean made(String change) {
    return Workflow.getVersion(change, Workflow.DEFAULT_VERSION, 1) == 1;
  }

  /** The same for a change within a hop: each hop of a promotion decides separately. */
  public static boolean made(String change, Station target) {
    return made(change + "/" + target.workspace());
  }
}
