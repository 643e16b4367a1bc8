package dev.portage.databricks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.adopt.AdoptEndpointOrder;
import dev.portage.preflight.Finding;
import dev.portage.preflight.WorkspaceNeeds;
import dev.portage.preflight.WorkspaceNeeds.Right;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Endpoints that can't be asked at the workspace's own address. */
class OptimizedRoutesTest extends EndpointWorld {

  private List<Finding> findings() {
    return new DatabricksInspection(workspace.clients())
        .inspect(
            WorkspaceNeeds.of("dev", List.of(Right.SERVE_MODELS))
                .model("churn")
                .endpoint("churn")
                .build())
        .findings();
  }

  @BeforeEach
  void login() {
    workspace.on(
        "GET /api/2.0/preview/scim/v2/Me",
        "{\"id\": \"7\", \"userName\": \"portage@example.com\"}");
  }

  @Test
  void theyAreRefusedBeforeAnythingStartsAndNotAdopted() {
    serves("3:100");
    now()
        .put("route_optimized", true)
        .put("creation_timestamp", Instant.parse("2026-03-01T00:00:00Z").toEpochMilli());

    assertThat(findings())
        .anySatisfy(finding -> {
          assertThat(finding.verdict()).isEqualTo(Finding.Verdict.LACK);
          assertThat(finding.what()).isEqualTo("endpoint churn");
          assertThat(finding.text()).startsWith("its routes are optimized");
        });
    assertThatThrownBy(() ->
            new EndpointAdoption(workspace.clients(), store())
                .findEndpointToAdopt(
                    new AdoptEndpointOrder(
                        "dev", "churn", "prod.ml.churn", "churn", "adopt/serve", null)))
        .hasMessageContaining("its routes are optimized")
        .hasMessageContaining("Nothing was changed");
  }

  @Test
  void olderOnesTakeRequestsAtBothAddresses() {
    serves("3:100");
    now()
        .put("route_optimized", true)
        .put("creation_timestamp", Instant.parse("2025-03-01T00:00:00Z").toEpochMilli());

    assertThat(findings())
        .filteredOn(finding -> finding.what().equals("endpoint churn"))
        .allMatch(finding -> finding.verdict() == Finding.Verdict.OK);
  }
}
