package dev.portage.notice;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.failure.Problem;
import dev.portage.text.Bounded;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people and systems are told, as the promotion knew it at that moment. Also the data of the
 * event that receivers get; there it has the link to its page besides.
 *
 * @param id the same for every attempt to deliver it; after a reset of the promotion another one
 * @param kind what it is about
 * @param at when it came about
 * @param promotion id of the promotion
 * @param run run of its workflow, which its page in the Web UI needs
 * @param model name of the model
 * @param state the promotion's state
 * @param says the same line that {@code portage status} shows
 * @param commit full id of the commit, null when unknown
 * @param startedBy who started it
 * @param next the command that carries it on, null when nobody has to act
 * @param request the request it is about, null for none
 * @param decisions what people decided on that request
 * @param problem why it stopped or ended, null otherwise
 * @param live what is live through it, such as "v3 in prod"
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Notice(
    String id,
    NoticeKind kind,
    Instant at,
    String promotion,
    String run,
    String model,
    String state,
    String says,
    @Nullable String commit,
    String startedBy,
    @Nullable String next,
    @Nullable Asked request,
    List<Decided> decisions,
    @Nullable Trouble problem,
    List<String> live) {

  /** Decisions, groups and gates that are kept. */
  private static final int MOST = 20;

  public Notice {
    says = Bounded.line(says, Bounded.COMMENT);
    startedBy = Bounded.line(startedBy, Bounded.PERSON);
    decisions = decisions.stream().limit(MOST).toList();
    live = live.stream().limit(MOST).map(one -> Bounded.line(one, Bounded.NAME)).toList();
  }

  /**
   * A request for approval.
   *
   * @param name such as "prod-1"
   * @param target workspace of the hop
   * @param outcome what the gates came to
   * @param gates a line for each gate
   * @param changes a line for each thing that will change, "now → then"
   * @param missing whose approval is missing, in words; empty when none is
   * @param expires when it counts as rejected
   * @param alsoFrom from when the groups of {@code also} may decide, null where none may
   * @param also groups that may decide in place of those that are missing; empty for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Asked(
      String name,
      String target,
      String outcome,
      List<String> gates,
      List<String> changes,
      String missing,
      Instant expires,
      @Nullable Instant alsoFrom,
      List<String> also) {

    public Asked {
      gates = lines(gates);
      changes = lines(changes);
      missing = Bounded.line(missing, Bounded.LINE);
      also = lines(also);
    }

    /** One to be filled in; what is not named is null or empty. */
    public static Builder of(
        String name, String target, String outcome, String missing, Instant expires) {
      return new Builder(name, target, outcome, missing, expires);
    }

    /** Fills in the components by name. */
    public static final class Builder {
      private final String name;
      private final String target;
      private final String outcome;
      private List<String> gates = List.of();
      private List<String> changes = List.of();
      private final String missing;
      private final Instant expires;
      private @Nullable Instant alsoFrom;
      private List<String> also = List.of();

      private Builder(String name, String target, String outcome, String missing, Instant expires) {
        this.name = name;
        this.target = target;
        this.outcome = outcome;
        this.missing = missing;
        this.expires = expires;
      }

      /** A line for each gate. */
      public Builder gates(List<String> gates) {
        this.gates = gates;
        return this;
      }

      /** A line for each thing that will change, "now → then". */
      public Builder changes(List<String> changes) {
        this.changes = changes;
        return this;
      }

      /** Groups that may decide in place of those that are missing, and from when on. */
      public Builder also(@Nullable Instant alsoFrom, List<String> also) {
        this.alsoFrom = alsoFrom;
        this.also = also;
        return this;
      }

      /** What was filled in. */
      public Asked build() {
        return new Asked(name, target, outcome, gates, changes, missing, expires, alsoFrom, also);
      }
    }
  }

  /**
   * A decision.
   *
   * @param by who
   * @param verdict "approve" or "reject"
   * @param comment why, null without
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Decided(String by, String verdict, @Nullable String comment) {

    public Decided {
      comment = comment == null ? null : Bounded.lines(comment, Bounded.LINE);
    }
  }

  /**
   * Why it stopped or ended.
   *
   * @param tried what was being done
   * @param where the workspace, file or server it happened in
   * @param cameBack what came back
   * @param remedy what to do about it
   * @param page where more can be read, null where there is no such page
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Trouble(
      String tried, String where, String cameBack, String remedy, @Nullable URI page) {

    public Trouble {
      cameBack = Bounded.lines(cameBack, Bounded.COMMENT);
      remedy = Bounded.lines(remedy, Bounded.COMMENT);
    }

    /** A problem, as far as a notice tells of it; null for none. */
    public static @Nullable Trouble of(@Nullable Problem problem) {
      return problem == null
          ? null
          : new Trouble(
              problem.tried(),
              problem.where(),
              problem.cameBack(),
              problem.remedy(),
              problem.page());
    }
  }

  /** The same under another id, for receivers that have had one of this id. */
  public Notice withId(String other) {
    return of(other, kind, at, promotion, run, model, state, startedBy)
        .says(says)
        .commit(commit)
        .next(next)
        .request(request)
        .decisions(decisions)
        .problem(problem)
        .live(live)
        .build();
  }

  private static List<String> lines(List<String> all) {
    List<String> few =
        all.stream().limit(MOST).map(line -> Bounded.line(line, Bounded.NAME)).toList();
    return all.size() <= MOST
        ? few
        : java.util.stream.Stream.concat(
                few.stream(), java.util.stream.Stream.of("… " + (all.size() - MOST) + " more"))
            .toList();
  }

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(
      String id,
      NoticeKind kind,
      Instant at,
      String promotion,
      String run,
      String model,
      String state,
      String startedBy) {
    return new Builder(id, kind, at, promotion, run, model, state, startedBy);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String id;
    private final NoticeKind kind;
    private final Instant at;
    private final String promotion;
    private final String run;
    private final String model;
    private final String state;
    private String says = "";
    private @Nullable String commit;
    private final String startedBy;
    private @Nullable String next;
    private @Nullable Asked request;
    private List<Decided> decisions = List.of();
    private @Nullable Trouble problem;
    private List<String> live = List.of();

    private Builder(
        String id,
        NoticeKind kind,
        Instant at,
        String promotion,
        String run,
        String model,
        String state,
        String startedBy) {
      this.id = id;
      this.kind = kind;
      this.at = at;
      this.promotion = promotion;
      this.run = run;
      this.model = model;
      this.state = state;
      this.startedBy = startedBy;
    }

    /** The same line that {@code portage status} shows. */
    public Builder says(String says) {
      this.says = says;
      return this;
    }

    /** Full id of the commit, null when unknown. */
    public Builder commit(@Nullable String commit) {
      this.commit = commit;
      return this;
    }

    /** The command that carries it on, null when nobody has to act. */
    public Builder next(@Nullable String next) {
      this.next = next;
      return this;
    }

    /** The request it is about, null for none. */
    public Builder request(@Nullable Asked request) {
      this.request = request;
      return this;
    }

    /** What people decided on that request. */
    public Builder decisions(List<Decided> decisions) {
      this.decisions = decisions;
      return this;
    }

    /** Why it stopped or ended, null otherwise. */
    public Builder problem(@Nullable Trouble problem) {
      this.problem = problem;
      return this;
    }

    /** What is live through it, such as "v3 in prod". */
    public Builder live(List<String> live) {
      this.live = live;
      return this;
    }

    /** What was filled in. */
    public Notice build() {
      return new Notice(
          id, kind, at, promotion, run, model, state, says, commit, startedBy, next, request,
          decisions, problem, live);
    }
  }
}
