package dev.portage.notice;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.text.Bounded;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people and systems are told, as the promotion knew it at that moment. Also the data of the
 * event that receivers get; there it has the link to its page besides.
 *
 * @param id the same for every attempt to deliver it, and after a reset of the promotion
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
}
