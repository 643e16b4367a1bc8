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

  private static final int ATTEMPTS = 10;

  private final Bound bound = Bound.toFreePort();

  /** A server and its port. */
  private record Bound(int port, TestServer.PortBoundTestServer server) {

    /** A port that was free may be somebody's connection a moment later: then another one. */
    static Bound toFreePort() throws IOException {
      for (int attempt = 1; ; attempt++) {
        int port = freePort();
        try {
          return new Bound(port, TestServer.createPortBoundServer(port, false));
        } catch (RuntimeException e) {
          if (attempt == ATTEMPTS || !(e.getCause() instanceof IOException)) {
            throw e;
          }
        }
      }
    }

    private static int freePort() throws IOException {
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return free.getLocalPort();
      }
    }
  }

  TestTemporal() throws IOException {}

  String address() {
    return "127.0.0.1:" + bound.port();
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
    bound.server().close();
  }
}
