package dev.portage.sandbox.temporal;

import dev.portage.temporal.PromotionAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.testserver.TestServer;
import io.temporal.testserver.TestServer.PortBoundTestServer;
import java.net.URI;
import java.util.Optional;

/**
 * The SDK's test server on a port of this JVM, for machines without {@code temporal}: it runs a
 * whole promotion in real time, but loses everything when it stops and has neither list nor Web UI.
 */
public final class InJvmTemporal implements TemporalServer {
  private final PortBoundTestServer server;
  private final String address;

  private InJvmTemporal(PortBoundTestServer server, String address) {
    this.server = server;
    this.address = address;
  }

  /** Starts it. */
  public static InJvmTemporal start(int port) {
    // Locked time skipping: a day of waiting for an approval is a day.
    PortBoundTestServer server = TestServer.createPortBoundServer(port, true);
    String address = "127.0.0.1:" + port;
    OperatorServiceStubs operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setTarget(address)
                .validateAndBuildWithDefaults());
    try {
      AddSearchAttributesRequest.Builder attributes =
          AddSearchAttributesRequest.newBuilder().setNamespace(NAMESPACE);
      for (String name : PromotionAttributes.names()) {
        attributes.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
      }
      operator.blockingStub().addSearchAttributes(attributes.build());
      return new InJvmTemporal(server, address);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    } finally {
      operator.shutdownNow();
    }
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public Optional<URI> ui() {
    return Optional.empty();
  }

  @Override
  public long pid() {
    return ProcessHandle.current().pid();
  }

  @Override
  public String says() {
    return "Temporal in this JVM on "
        + address
        + ": no 'temporal' was found, so 'portage list' and the Web UI don't work and nothing survives a restart (build/temporal builds one)";
  }

  @Override
  public void close() {
    server.close();
  }
}
