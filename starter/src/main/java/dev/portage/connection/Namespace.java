package dev.portage.connection;

import dev.portage.preflight.Finding;
import dev.portage.temporal.PromotionAttributes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Checks whether Temporal's namespace is ready for promotions, and prepares it. */
public final class Namespace {

  private final TemporalConnection connection;

  /** Looks through a connection. */
  public Namespace(TemporalConnection connection) {
    this.connection = connection;
  }

  /** The findings: the namespace, and whether promotions can be found in it. */
  public List<Finding> inspect() {
    List<Finding> findings = new ArrayList<>();
    try {
      connection
          .stubs()
          .blockingStub()
          .describeNamespace(
              DescribeNamespaceRequest.newBuilder().setNamespace(connection.namespace()).build());
      findings.add(Finding.ok(where(), "namespace " + connection.namespace(), "answers"));
    } catch (StatusRuntimeException e) {
      findings.add(
          Finding.failed(
              where(),
              "namespace " + connection.namespace(),
              "unusable: " + e.getStatus().getCode(),
              isSilent(e)
                  ? "check Temporal's log and its disk space"
                  : "temporal operator namespace create --namespace "
                      + connection.namespace()
                      + " --address "
                      + connection.address()));
      return findings;
    }
    findings.add(searchAttributes());
    return findings;
  }

  /** Whether the server can list workflows; the one inside Portage, which has no page, can't. */
  public boolean canList() {
    try {
      missing(connection.operator());
      return true;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() != Status.Code.UNIMPLEMENTED;
    }
  }

  /** Adds the search attributes that are missing. */
  public void addSearchAttributes() {
    OperatorServiceStubs operator = connection.operator();
    List<String> missing = missingOrAll(operator);
    if (!missing.isEmpty()) {
      AddSearchAttributesRequest.Builder request =
          AddSearchAttributesRequest.newBuilder().setNamespace(connection.namespace());
      missing.forEach(
          name -> request.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
      operator.blockingStub().addSearchAttributes(request.build());
    }
  }

  /** The server inside the JVM adds search attributes and cannot list them. */
  private List<String> missingOrAll(OperatorServiceStubs operator) {
    try {
      return missing(operator);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return PromotionAttributes.names();
      }
      throw e;
    }
  }

  private Finding searchAttributes() {
    try {
      List<String> missing = missing(connection.operator());
      return missing.isEmpty()
          ? Finding.ok(where(), "search attributes", "all present")
          : Finding.failed(
              where(),
              "search attributes",
              "unknown: " + String.join(", ", missing),
              command(missing));
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return new Finding(
            where(),
            "search attributes",
            Finding.Verdict.NOTE,
            "not checked: this server can't list them (neither can the in-process server)",
            null);
      }
      return new Finding(
          where(),
          "search attributes",
          Finding.Verdict.NOTE,
          "can't be listed (" + e.getStatus().getCode() + "); promotions can't start without them",
          command(PromotionAttributes.names()));
    }
  }

  private static boolean isSilent(StatusRuntimeException e) {
    return TimeLimit.ranOut(e) || e.getStatus().getCode() == Status.Code.UNAVAILABLE;
  }

  private List<String> missing(OperatorServiceStubs operator) {
    Map<String, IndexedValueType> known =
        operator
            .blockingStub()
            .listSearchAttributes(
                ListSearchAttributesRequest.newBuilder()
                    .setNamespace(connection.namespace())
                    .build())
            .getCustomAttributesMap();
    return PromotionAttributes.names().stream()
        .filter(name -> known.get(name) != IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
        .toList();
  }

  private String command(List<String> names) {
    return "temporal operator search-attribute create --namespace "
        + connection.namespace()
        + " --address "
        + connection.address()
        + String.join(
            "", names.stream().map(name -> " --name " + name + " --type Keyword").toList());
  }

  private String where() {
    return "Temporal at " + connection.address();
  }
}
