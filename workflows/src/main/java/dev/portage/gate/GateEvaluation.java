package dev.portage.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.portage.registry.Champion;
import dev.portage.temporal.Payloads;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates the gates and binds their results to candidate and plan by digests. */
public final class GateEvaluation implements EvaluationActivities {

  private final ObjectMapper canonical =
      Payloads.mapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  /** What the digest of the evidence is taken over. */
  private record Bound(
      String target,
      List<GateResult> results,
      @Nullable String championVersion,
      String candidateDigest,
      String planDigest) {}

  @Override
  public Evidence evaluate(EvaluationOrder order) {
    List<GateResult> results = Gates.ask(order.input());
    GateOutcome outcome = Gates.outcome(results);
    Champion champion = order.input().champion();
    String version = champion == null ? null : champion.version().version();
    String planDigest = digest(order.plan().binding());
    String target = order.input().target();
    Bound bound = new Bound(target, results, version, order.candidateDigest(), planDigest);
    return new Evidence(
        target, results, outcome, version, order.candidateDigest(), planDigest, digest(bound));
  }

  private String digest(Object document) {
    try {
      byte[] json = canonical.writeValueAsBytes(document);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a record cannot be written as JSON", e);
    }
  }
}
