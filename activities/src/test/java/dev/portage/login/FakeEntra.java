package dev.portage.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Microsoft Entra and the metadata service of an Azure machine, as Azure's own library calls them.
 * It is strict: it checks secrets, signatures, audiences and the headers that the real ones want.
 */
public final class FakeEntra implements AutoCloseable {
  public static final String TENANT = "11111111-2222-3333-4444-555555555555";
  public static final String CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
  public static final String SECRET = "abc8Q~0123456789abcdefghijklmnopqrstuv";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String LOGIN = "login.microsoftonline.com";
  private static final String METADATA = "169.254.169.254";

  private final MockWebServer server = new MockWebServer();
  private final List<String> calls = new ArrayList<>();
  private @Nullable X509Certificate certificate;
  private String secret = SECRET;
  private String assertion = "";
  private int status = 200;
  private int issued;

  private FakeEntra() {
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answer(request);
          }
        });
  }

  /** Starts it. */
  public static FakeEntra start() {
    FakeEntra entra = new FakeEntra();
    try {
      entra.server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entra;
  }

  /** A client that finds Entra and the metadata service here. */
  public OkHttpClient client(OkHttpClient client) {
    return client.newBuilder().addInterceptor(this::here).build();
  }

  private Response here(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    HttpUrl url = request.url();
    if (!url.host().equals(LOGIN) && !url.host().equals(METADATA)) {
      throw new IOException("a test calls " + url.host());
    }
    return chain.proceed(
        request
            .newBuilder()
            .url(url.newBuilder().scheme("http").host("127.0.0.1").port(server.getPort()).build())
            .header("X-Asked", url.host())
            .build());
  }

  /** Lets this certificate log in. */
  FakeEntra certificate(X509Certificate known) {
    this.certificate = known;
    return this;
  }

  /** Lets this token of another issuer log in. */
  FakeEntra trusts(String token) {
    this.assertion = token;
    return this;
  }

  /** Renews the client's secret. */
  FakeEntra secret(String renewed) {
    this.secret = renewed;
    return this;
  }

  /** Answers requests for tokens with this status from now on. */
  FakeEntra status(int next) {
    this.status = next;
    return this;
  }

  /** What was asked for tokens, in order. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  private MockResponse answer(RecordedRequest request) {
    String path = request.getUrl().encodedPath();
    if (METADATA.equals(request.getHeaders().get("X-Asked"))) {
      return metadata(request);
    }
    if (path.equals("/common/discovery/instance")) {
      return json(
          200,
          "{\"tenant_discovery_endpoint\": \"https://"
              + LOGIN
              + "/"
              + TENANT
              + "/v2.0/.well-known/openid-configuration\", \"metadata\": [{\"preferred_network\":"
              + " \""
              + LOGIN
              + "\", \"preferred_cache\": \"login.windows.net\", \"aliases\": [\""
              + LOGIN
              + "\", \"login.windows.net\"]}]}");
    }
    if (path.equals("/" + TENANT + "/v2.0/.well-known/openid-configuration")) {
      String base = "https://" + LOGIN + "/" + TENANT;
      return json(
          200,
          "{\"token_endpoint\": \""
              + base
              + "/oauth2/v2.0/token\", \"authorization_endpoint\": \""
              + base
              + "/oauth2/v2.0/authorize\", \"issuer\": \""
              + base
              + "/v2.0\", \"jwks_uri\": \""
              + base
              + "/discovery/v2.0/keys\"}");
    }
    return path.equals("/" + TENANT + "/oauth2/v2.0/token")
        ? token(form(Objects.requireNonNull(request.getBody()).utf8()))
        : json(404, "{}");
  }

  private MockResponse token(Map<String, String> form) {
    calls.add(String.valueOf(form.get("scope")));
    if (status != 200) {
      return json(status, "{\"error\": \"temporarily_unavailable\"}");
    }
    boolean known =
        CLIENT.equals(form.get("client_id"))
            && "client_credentials".equals(form.get("grant_type"))
            && (secret.equals(form.get("client_secret"))
                || isAsserted(form.get("client_assertion_type"), form.get("client_assertion")));
    return known
        ? issue(3600)
        : json(
            401,
            "{\"error\": \"invalid_client\", \"error_description\": \"AADSTS7000215: Invalid client"
                + " secret provided: "
                + form.get("client_secret")
                + ". Trace ID: 1\", \"error_codes\": [7000215]}");
  }

  private boolean isAsserted(@Nullable String type, @Nullable String token) {
    if (token == null || !"urn:ietf:params:oauth:client-assertion-type:jwt-bearer".equals(type)) {
      return false;
    }
    return certificate == null ? token.equals(assertion) : isSigned(token, certificate);
  }

  private static boolean isSigned(String token, X509Certificate certificate) {
    String[] parts = token.split("\\.", -1);
    try {
      JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      Signature signature =
          Signature.getInstance(
              header.path("alg").asText().equals("PS256") ? "RSASSA-PSS" : "SHA256withRSA");
      if (header.path("alg").asText().equals("PS256")) {
        signature.setParameter(
            new java.security.spec.PSSParameterSpec(
                "SHA-256", "MGF1", java.security.spec.MGF1ParameterSpec.SHA256, 32, 1));
      }
      signature.initVerify(certificate);
      signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
      return signature.verify(Base64.getUrlDecoder().decode(parts[2]))
          && claims.path("aud").asText().contains(TENANT)
          && claims.path("iss").asText().equals(CLIENT);
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  private MockResponse metadata(RecordedRequest request) {
    HttpUrl url = request.getUrl();
    boolean asked =
        url.encodedPath().equals("/metadata/identity/oauth2/token")
            && "true".equals(request.getHeaders().get("Metadata"))
            && url.queryParameter("api-version") != null;
    calls.add(String.valueOf(url.queryParameter("resource")));
    if (!asked) {
      return json(400, "{\"error\": \"invalid_request\", \"error_description\": \"Required\"}");
    }
    String client = url.queryParameter("client_id");
    return client == null || client.equals(CLIENT)
        ? issue(86_400)
        : json(
            400, "{\"error\": \"invalid_request\", \"error_description\": \"Identity not found\"}");
  }

  private MockResponse issue(int seconds) {
    issued++;
    return json(
        200,
        "{\"token_type\": \"Bearer\", \"expires_in\": \""
            + seconds
            + "\", \"ext_expires_in\": "
            + seconds
            + ", \"expires_on\": \""
            + (System.currentTimeMillis() / 1000 + seconds)
            + "\", \"resource\": \"x\", \"access_token\": \"entra-"
            + issued
            + "\"}");
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&", -1)) {
      String[] pair = field.split("=", 2);
      form.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private static MockResponse json(int status, String body) {
    return new MockResponse.Builder()
        .code(status)
        .setHeader("Content-Type", "application/json")
        .body(body)
        .build();
  }

  @Override
  public void close() {
    server.close();
  }
}
