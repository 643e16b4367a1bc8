package dev.portage.worker;

import dev.portage.temporal.PromotionAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** Temporal's test server on a port of this machine. */
final class TestTemporal implements AutoCloseable {

  private final int port;
  private final TestServer.PortBoundTestServer server;

  TestTemporal() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    server = TestServer.createPortBoundServer(port, false);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** The environment variables that lead a worker to it. */
  Map<String, String> environment() {
    return Map.of("TEMPORAL_ADDRESS", address());
  }

  /** Registers the search attributes of promotions, as an installation does. */
  void registerSearchAttributes() {
    OperatorServiceStubs operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setTarget(address())
                .validateAndBuildWithDefaults());
    AddSearchAttributesRequest.Builder request =
        AddSearchAttributesRequest.newBuilder().setNamespace("default");
    for (String name : PromotionAttributes.names()) {
      request.putSearchAttributes(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    }
    operator.blockingStub().addSearchAttributes(request.build());
    operator.shutdownNow();
  }

  @Override
  public void close() {
    server.close();
  }
}
