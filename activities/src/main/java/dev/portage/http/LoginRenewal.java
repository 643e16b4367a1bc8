package dev.portage.http;

import java.io.IOException;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Repeats a signed request once if its login was refused and the credential has another: a token
 * may expire or be revoked while a step is under way.
 */
final class LoginRenewal {

  /** As much of a refusal as is read to see whether it is about the login. */
  private static final long WORDS = 16 * 1024L;

  private LoginRenewal() {}

  /** The body was sent and can't be sent again by the same request. */
  static final class Renewed extends IOException {
    private static final long serialVersionUID = 1L;

    Renewed() {
      super("the login had expired and was renewed");
    }
  }

  static Response proceed(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    Response response = chain.proceed(request);
    Credential credential = request.tag(Credential.class);
    String sent = request.header("Authorization");
    if (credential == null || sent == null) {
      return response;
    }
    Optional<String> other;
    try {
      other = isRefusal(response) ? credential.insteadOf(sent) : Optional.empty();
    } catch (IOException | RuntimeException failed) {
      response.close();
      throw failed;
    }
    if (other.isEmpty()) {
      return response;
    }
    response.close();
    RequestBody body = request.body();
    if (body != null && body.isOneShot()) {
      throw new Renewed();
    }
    return chain.proceed(request.newBuilder().header("Authorization", other.get()).build());
  }

  private static boolean isRefusal(Response response) throws IOException {
    return switch (response.code()) {
      case 401 -> true;
      // Databricks says so by these, in words.
      case 400, 403 -> DatabricksWords.refuseToken(response.peekBody(WORDS).string());
      default -> false;
    };
  }
}
