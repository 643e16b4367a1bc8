package dev.portage.serving;

import dev.portage.candidate.ModelLocation;
import dev.portage.settings.ServeCase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Portage's own requests to one served version, at its own address, whatever its share of traffic.
 *
 * @param endpoint name of the endpoint
 * @param served name of the served version
 * @param against the served version whose answers are compared with its answers; null for none
 * @param model where the model's files are, with its input example; null to send the cases alone
 * @param cases requests besides the input example
 * @param requestId what each request's {@code client_request_id} begins with
 * @param metrics whether to read the endpoint's metrics, too
 */
public record ProbeOrder(
    String workspace,
    String endpoint,
    String served,
    @Nullable Against against,
    @Nullable ModelLocation model,
    List<ServeCase> cases,
    String requestId,
    Boolean metrics) {

  /**
   * What answers are compared with.
   *
   * @param served name of the served version
   * @param tolerance how much two numbers may differ and still be alike
   */
  public record Against(String served, Double tolerance) {}

  public ProbeOrder {
    cases = List.copyOf(cases);
  }
}
