package dev.portage.login;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes Azure's libraries use our HTTP client, and so our proxies and certificate authorities. They
 * send nothing but a few short requests for tokens.
 */
final class AzureHttp implements HttpClient {

  /** An answer that refuses, as it came: the library's exceptions don't always say it. */
  record Refusal(int status, String body) {}

  /** Address of Azure's metadata service: on the machine itself, so never behind a proxy. */
  private static final String METADATA = "169.254.169.254";

  private final OkHttpClient client;
  private final OkHttpClient direct;
  private volatile @Nullable Refusal refusal;

  AzureHttp(OkHttpClient client) {
    this(client, client.newBuilder().proxy(Proxy.NO_PROXY).build());
  }

  private AzureHttp(OkHttpClient client, OkHttpClient direct) {
    this.client = client;
    this.direct = direct;
  }

  /** The same way for one login, which has a refusal of its own. */
  AzureHttp once() {
    return new AzureHttp(client, direct);
  }

  /** The last answer if it was a refusal, else null. */
  @Nullable Refusal refusal() {
    return refusal;
  }

  @Override
  public Mono<HttpResponse> send(HttpRequest request) {
    return Mono.fromCallable(() -> sendSync(request, Context.NONE));
  }

  @Override
  public HttpResponse sendSync(HttpRequest in, Context context) {
    Request.Builder request = new Request.Builder().url(in.getUrl());
    in.getHeaders().stream()
        .forEach(header -> request.addHeader(header.getName(), header.getValue()));
    BinaryData body = in.getBodyAsBinaryData();
    request.method(in.getHttpMethod().toString(), body(in, body));
    OkHttpClient way = in.getUrl().getHost().equals(METADATA) ? direct : client;
    try (Response response = way.newCall(request.build()).execute()) {
      byte[] bytes = response.body().bytes();
      refusal =
          response.isSuccessful()
              ? null
              : new Refusal(response.code(), new String(bytes, StandardCharsets.UTF_8));
      return new Answer(in, response, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable RequestBody body(HttpRequest in, @Nullable BinaryData body) {
    return switch (in.getHttpMethod()) {
      case GET, HEAD -> null;
      default -> {
        String type = in.getHeaders().getValue(HttpHeaderName.CONTENT_TYPE);
        yield RequestBody.create(
            body == null ? new byte[0] : body.toBytes(), type == null ? null : MediaType.get(type));
      }
    };
  }

  /** An answer that was read whole. */
  private static final class Answer extends HttpResponse {
    private final int status;
    private final HttpHeaders headers = new HttpHeaders();
    private final byte[] body;

    Answer(HttpRequest request, Response response, byte[] body) {
      super(request);
      this.status = response.code();
      this.body = body;
      response
          .headers()
          .forEach(header ->
              headers.add(HttpHeaderName.fromString(header.getFirst()), header.getSecond()));
    }

    @Override
    public int getStatusCode() {
      return status;
    }

    @Override
    @Deprecated
    public @Nullable String getHeaderValue(String name) {
      return headers.getValue(HttpHeaderName.fromString(name));
    }

    @Override
    public HttpHeaders getHeaders() {
      return headers;
    }

    @Override
    public BinaryData getBodyAsBinaryData() {
      return BinaryData.fromBytes(body);
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      return Flux.defer(() -> Flux.just(ByteBuffer.wrap(body)));
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return Mono.just(body);
    }

    @Override
    public Mono<String> getBodyAsString() {
      return getBodyAsString(StandardCharsets.UTF_8);
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return Mono.just(new String(body, charset));
    }
  }
}
