package dev.portage.release;

import dev.portage.approval.Request;
import dev.portage.gate.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the decisions of a release rest on: exactly what people were shown, and how it was known who
 * they are. Who decided, when and over which way is in each decision.
 *
 * @param request name of the request that they answered, such as "prod-1"; null if nobody was asked
 * @param digest digest of the candidate that it showed
 * @param evidence SHA-256 of the evidence that it showed
 * @param plan SHA-256 of the plan that it showed
 * @param outcome what the gates said together, in lower case: "pass" or "inconclusive"
 * @param identity how people are known, in lower case: "claimed" means that they say who they are
 *     and are believed
 * @param tier tier of the policy that asked for approvals; null when unknown
 * @param groups groups that each had to approve; empty if nobody had to
 * @param opened when the request was opened, null if nobody was asked
 */
public record Proof(
    @Nullable String request,
    String digest,
    String evidence,
    String plan,
    String outcome,
    String identity,
    @Nullable String tier,
    List<String> groups,
    @Nullable Instant opened) {

  public Proof {
    groups = List.copyOf(groups);
  }

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(Evidence evidence, String identity) {
    return new Builder(evidence, identity);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final Evidence evidence;
    private final String identity;
    private @Nullable String tier;
    private List<String> groups = List.of();
    private @Nullable Request request;

    private Builder(Evidence evidence, String identity) {
      this.evidence = evidence;
      this.identity = identity;
    }

    /** The policy that asked for approvals: its tier, and the groups that had to approve. */
    public Builder policy(@Nullable String tier, List<String> groups) {
      this.tier = tier;
      this.groups = groups;
      return this;
    }

    /** The request that people answered, null if nobody was asked. */
    public Builder request(@Nullable Request request) {
      this.request = request;
      return this;
    }

    /** What was filled in. */
    public Proof build() {
      Request asked = request;
      Evidence shown = asked == null ? evidence : asked.evidence();
      return new Proof(
          asked == null ? null : asked.name(),
          shown.candidateDigest(),
          shown.digest(),
          shown.planDigest(),
          shown.outcome().name().toLowerCase(Locale.ROOT),
          identity,
          tier,
          asked == null ? groups : asked.groups(),
          asked == null ? null : asked.opened());
    }
  }
}
