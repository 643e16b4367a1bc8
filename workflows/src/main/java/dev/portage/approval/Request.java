package dev.portage.approval;

import dev.portage.gate.Evidence;
import dev.portage.plan.Plan;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request for approval, bound to exactly what it shows.
 *
 * @param name such as "prod-1"
 * @param target workspace of the hop
 * @param digest digest of the candidate's manifest
 * @param evidence what the gates said
 * @param plan what will be done
 * @param groups groups that must each approve with one person; "anybody" stands for a person of any
 *     group
 * @param opened when it was opened
 * @param expires when it counts as rejected
 * @param escalation who else may decide from when on; null for nobody
 */
public record Request(
    String name,
    String target,
    String digest,
    Evidence evidence,
    Plan plan,
    List<String> groups,
    Instant opened,
    Instant expires,
    @Nullable Escalation escalation) {

  public Request {
    groups = List.copyOf(groups);
  }

  /** One that nobody else may decide about. */
  public Request(
      String name,
      String target,
      String digest,
      Evidence evidence,
      Plan plan,
      List<String> groups,
      Instant opened,
      Instant expires) {
    this(name, target, digest, evidence, plan, groups, opened, expires, null);
  }

  /** Groups whose people have to be known to tell who may decide. */
  public List<String> allGroups() {
    return escalation == null
        ? groups
        : Stream.concat(groups.stream(), escalation.groups().stream()).distinct().toList();
  }

  /** Groups that may decide in place of any other by now; empty where none may. */
  List<String> standIns(Instant now) {
    return escalation == null || !escalation.hasBegun(now) ? List.of() : escalation.groups();
  }

  /** This one, to be changed. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Changes what of a request may differ. */
  public static final class Builder {
    private final Request one;
    private Evidence evidence;
    private Plan plan;
    private @Nullable Escalation escalation;

    private Builder(Request one) {
      this.one = one;
      this.evidence = one.evidence;
      this.plan = one.plan;
      this.escalation = one.escalation;
    }

    /** What the gates said. */
    public Builder evidence(Evidence evidence) {
      this.evidence = evidence;
      return this;
    }

    /** What will be done. */
    public Builder plan(Plan plan) {
      this.plan = plan;
      return this;
    }

    /** Who else may decide from when on; null for nobody. */
    public Builder escalation(@Nullable Escalation escalation) {
      this.escalation = escalation;
      return this;
    }

    /** The request. */
    public Request build() {
      return new Request(
          one.name,
          one.target,
          one.digest,
          evidence,
          plan,
          one.groups,
          one.opened,
          one.expires,
          escalation);
    }
  }
}
