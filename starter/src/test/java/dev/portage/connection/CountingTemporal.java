package dev.portage.connection;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Stands in front of a Temporal server, counts the calls, and refuses some if told to. */
public final class CountingTemporal implements AutoCloseable {

  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final Map<String, Status> refusals = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> refused = new ConcurrentHashMap<>();
  private final ManagedChannel channel;
  private final Server server;

  /** In front of the server at an address. */
  public CountingTemporal(String address) throws IOException {
    channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .fallbackHandlerRegistry(new Everything())
            .build()
            .start();
  }

  /** Host and port. */
  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** How many calls of a kind were made, such as {@code QueryWorkflow}. */
  public int of(String call) {
    return counts.getOrDefault(call, 0);
  }

  /** Refuses the next calls of a kind. */
  public void refuse(String call, int times, Status answer) {
    refusals.put(call, answer);
    refused.put(call, new AtomicInteger(times));
  }

  @Override
  public void close() {
    server.shutdownNow();
    channel.shutdownNow();
  }

  /** Forwards every call as bytes. */
  private final class Everything extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<byte[], byte[]> lookupMethod(
        String name, @Nullable String authority) {
      MethodDescriptor<byte[], byte[]> method =
          MethodDescriptor.newBuilder(new Bytes(), new Bytes())
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(name)
              .build();
      return ServerMethodDefinition.create(
          method, ServerCalls.asyncUnaryCall((request, answer) -> handOn(method, request, answer)));
    }

    private void handOn(
        MethodDescriptor<byte[], byte[]> method, byte[] request, StreamObserver<byte[]> answer) {
      String call = String.valueOf(method.getBareMethodName());
      counts.merge(call, 1, Integer::sum);
      AtomicInteger left = refused.get(call);
      if (left != null && left.getAndDecrement() > 0) {
        answer.onError(Objects.requireNonNull(refusals.get(call)).asRuntimeException());
        return;
      }
      ClientCalls.asyncUnaryCall(channel.newCall(method, CallOptions.DEFAULT), request, answer);
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
