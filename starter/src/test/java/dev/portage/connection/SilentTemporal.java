package dev.portage.connection;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Servers that are up but don't answer. */
public interface SilentTemporal extends AutoCloseable {

  /** Host and port. */
  String address();

  @Override
  void close();

  /** Accepts connections and sends nothing. */
  static SilentTemporal mute() throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    return new SilentTemporal() {
      @Override
      public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
      }

      @Override
      public void close() {
        try {
          socket.close();
        } catch (IOException e) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    };
  }

  /** Identifies itself and then goes silent, as with a full disk. */
  static SilentTemporal withoutDisk() throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                new WorkflowServiceGrpc.WorkflowServiceImplBase() {
                  @Override
                  public void getSystemInfo(
                      GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
                    answer.onNext(GetSystemInfoResponse.getDefaultInstance());
                    answer.onCompleted();
                  }

                  @Override
                  public void describeWorkflowExecution(
                      io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest request,
                      StreamObserver<
                              io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse>
                          answer) {}

                  @Override
                  public void listWorkflowExecutions(
                      io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest request,
                      StreamObserver<
                              io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse>
                          answer) {}

                  @Override
                  public void describeNamespace(
                      io.temporal.api.workflowservice.v1.DescribeNamespaceRequest request,
                      StreamObserver<io.temporal.api.workflowservice.v1.DescribeNamespaceResponse>
                          answer) {}

                  @Override
                  public void startWorkflowExecution(
                      io.temporal.api.workflowservice.v1.StartWorkflowExecutionRequest request,
                      StreamObserver<
                              io.temporal.api.workflowservice.v1.StartWorkflowExecutionResponse>
                          answer) {}
                })
            .build()
            .start();
    return new SilentTemporal() {
      @Override
      public String address() {
        return "127.0.0.1:" + server.getPort();
      }

      @Override
      public void close() {
        server.shutdownNow();
      }
    };
  }
}
