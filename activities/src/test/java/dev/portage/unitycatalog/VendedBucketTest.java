package dev.portage.unitycatalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactFile;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSink.UploadGone;
import dev.portage.store.tracking.SignedWorld;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Buckets of three clouds, with credentials vended by a workspace. */
@Timeout(60)
class VendedBucketTest {
  /** A bucket's location, and its names in the workspace and the cloud. */
  enum Cloud {
    S3("s3://bucket/meta/models of/7", "aws_temp_credentials", "eu-west-1", "Amazon S3"),
    R2(
        "r2://bucket@abc123.r2.cloudflarestorage.com/meta/models of/7/",
        "r2_temp_credentials",
        "auto",
        "Cloudflare R2"),
    GOOGLE("gs://bucket/meta/models of/7", "gcp_oauth_token", "", "Google Cloud Storage");

    private final String location;
    private final String credentials;
    private final String region;
    private final String shown;

    Cloud(String location, String credentials, String region, String shown) {
      this.location = location;
      this.credentials = credentials;
      this.region = region;
      this.shown = shown;
    }
  }

  private static final List<String> NAMES =
      List.of("MLmodel", "a b/é+&=?*'~(1).txt", "a b/deep/x:@$;,!", "模型.bin", "y");

  private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final AtomicInteger vended = new AtomicInteger();
  private final List<String> hosts = new ArrayList<>();
  private FakeBucket bucket = new FakeBucket("eu-west-1");

  @AfterEach
  void close() {
    bucket.close();
    http.close();
  }

  @ParameterizedTest
  @EnumSource
  void filesAreWrittenListedReadAndDeletedWithOneSetOfCredentials(Cloud cloud) {
    VendedStore store = store(cloud);
    NAMES.forEach(name -> SignedWorld.write(store, name, "content of " + name));
    bucket.objects.put("meta/models of/7/", new byte[0]);
    bucket.objects.put("meta/models of/77/other", new byte[0]);

    assertThat(bucket.objects).containsKey("meta/models of/7/a b/é+&=?*'~(1).txt");
    assertThat(store.list())
        .extracting(ArtifactFile::path)
        .containsExactlyInAnyOrderElementsOf(NAMES);
    assertThat(store.list()).contains(new ArtifactFile("y", 12L));
    assertThat(store.probeReads("y").ranges()).isTrue();
    assertThat(store.probeReads("y").method())
        .isEqualTo("with vended credentials for " + cloud.shown);
    assertThat(NAMES)
        .allSatisfy(
            name -> assertThat(SignedWorld.text(store, name)).isEqualTo("content of " + name));
    assertThat(store.<String>read("y", 3, 4, SignedWorld::all)).isEqualTo("tent");
    assertThat(store.delete("y")).isTrue();
    assertThat(store.delete("y")).isTrue();
    assertThat(bucket.objects).doesNotContainKey("meta/models of/7/y");
    assertThat(vended).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource
  void credentialsThatAreRefusedAreRequestedAgain(Cloud cloud) {
    VendedStore store = store(cloud);
    SignedWorld.write(store, "a", "before");
    bucket.valid = "2";

    assertThatThrownBy(() -> SignedWorld.write(store, "a", "lost"))
        .isInstanceOfSatisfying(
            ApplicationFailure.class, failure -> assertThat(failure.isNonRetryable()).isFalse());
    SignedWorld.write(store, "a", "after");
    assertThat(SignedWorld.text(store, "a")).isEqualTo("after");
    assertThat(store.list()).hasSize(1);
    assertThat(vended).hasValue(2);
  }

  @ParameterizedTest
  @EnumSource
  void aLargeFileIsSentInPartsAndAnotherProcessCanContinueIt(Cloud cloud) {
    VendedStore store = store(cloud);
    assertThat(store.probeWrites().parts()).isNotNull();
    assertThat(bucket.openUploads()).as("the probe is given up").isZero();
    Upload begun = store.begin("weights é.bin", 11, 4, 3);
    String first = part(begun, 1, "some");

    bucket.valid = "2";
    Upload resumed = again(cloud).resume("weights é.bin", begun.token());
    String third = part(resumed, 3, "ts.");
    String second = part(resumed, 2, " wei");
    assertThat(bucket.objects).isEmpty();
    resumed.complete(List.of(first, second, third));

    assertThat(bucket.objects.get("meta/models of/7/weights é.bin"))
        .asString()
        .isEqualTo("some weits.");
    assertThat(begun.token()).doesNotContain("SECRET").doesNotContain("access-");
    assertThat(bucket.openUploads()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void anUploadThatIsGoneIsReportedAsGone(Cloud cloud) {
    VendedStore store = store(cloud);
    Upload begun = store.begin("a", 4, 4, 1);
    String tag = part(begun, 1, "some");
    // A bucket reports this error under a status that promises success.
    assertThatThrownBy(() -> begun.complete(List.of("\"another\""))).isInstanceOf(UploadGone.class);
    begun.abort();
    begun.abort();

    assertThatThrownBy(() -> part(begun, 1, "some")).isInstanceOf(UploadGone.class);
    assertThatThrownBy(() -> begun.complete(List.of(tag))).isInstanceOf(UploadGone.class);
    assertThatThrownBy(() -> store.resume("a", "{\"kind\":\"azure-lake\"}"))
        .isInstanceOf(UploadGone.class);
  }

  @ParameterizedTest
  @EnumSource
  void aLocationThatGrantsNothingIsReportedWithoutTheCredentials(Cloud cloud) {
    VendedStore store = store(cloud);
    bucket.valid = "none of ours";

    assertThatThrownBy(() -> SignedWorld.write(store, "a", "text"))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining(cloud.region.isEmpty() ? "AccessDenied" : "ExpiredToken")
        .hasMessageNotContaining("SECRET")
        .hasMessageNotContaining("X-Amz");
    assertThat(store.probeWrites().parts()).isNull();
    bucket.before = _ -> FakeBucket.error(403, "AccessDenied");
    assertThat(store.delete("a")).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anEndlessOrWrongListingIsRefused(Cloud cloud) {
    VendedStore store = store(cloud);
    listing("<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>");
    assertThatThrownBy(store::list).hasMessageContaining("never ends");

    listing("<Contents><Key>meta/models of/8/a</Key><Size>1</Size></Contents>");
    assertThatThrownBy(store::list).hasMessageContaining("which is elsewhere");

    listing("<CommonPrefixes><Prefix>meta/models of/7/../</Prefix></CommonPrefixes>");
    assertThatThrownBy(store::list).hasMessageContaining("has '..' as a part of its path");

    listing("<CommonPrefixes><Prefix>meta/models of/7//</Prefix></CommonPrefixes>");
    assertThatThrownBy(store::list).isInstanceOf(ApplicationFailure.class);
  }

  @Test
  void xmlWithExternalEntitiesIsNotRead() {
    VendedStore store = store(Cloud.GOOGLE);
    for (String xml :
        List.of(
            "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>",
            "<!DOCTYPE a [<!ENTITY e 'eeee'><!ENTITY f '&e;&e;'>]><a>&f;</a>",
            "<ListBucketResult><Contents><Key>&#1;</Key></Contents></ListBucketResult>",
            "no XML")) {
      bucket.before = _ -> FakeBucket.answer(200, xml);
      assertThatThrownBy(store::list)
          .isInstanceOf(ApplicationFailure.class)
          .hasMessageContaining("not XML, or not allowed XML");
    }
  }

  @Test
  void aBucketsRegionIsLookedUpOnceAtItsOwnAddress() {
    VendedStore store = store(Cloud.S3);
    SignedWorld.write(store, "a", "text");
    SignedWorld.text(store, "a");

    assertThat(hosts)
        .containsExactly(
            "https://bucket.s3.amazonaws.com/", "https://bucket.s3.eu-west-1.amazonaws.com/");
    assertThat(bucket.calls).filteredOn(call -> call.startsWith("HEAD")).hasSize(1);
  }

  @Test
  void aBucketWithADotIsAddressedByPathAndOneOfR2BelowItsAccount() {
    at("s3://a.bucket/x", credentials(Cloud.S3)).probeWrites();
    at(Cloud.R2.location, credentials(Cloud.R2));

    assertThat(hosts)
        .containsExactly(
            "https://s3.amazonaws.com/a.bucket",
            "https://s3.eu-west-1.amazonaws.com/a.bucket",
            "https://abc123.r2.cloudflarestorage.com/bucket");
  }

  @Test
  void aMissingBucketOrOneWithoutARegionIsReported() {
    VendedStore store = store(Cloud.S3);
    bucket.before = _ -> FakeBucket.answer(404, "");
    assertThatThrownBy(store::list).hasMessageContaining("find the region of bucket bucket");

    bucket.before = _ -> FakeBucket.answer(200, "");
    assertThatThrownBy(store::list).hasMessageContaining("it names none");
  }

  @Test
  void objectsAreEncryptedAsTheOwnerOfTheStorageWantsIt() {
    ObjectNode credentials = credentials(Cloud.S3);
    credentials
        .putObject("encryption_details")
        .putObject("sse_encryption_details")
        .put("algorithm", "AWS_SSE_KMS")
        .put("aws_kms_key_arn", "arn:aws:kms:eu-west-1:1:key/2");
    VendedStore store = at(Cloud.S3.location, credentials);
    SignedWorld.write(store, "a", "text");
    Upload upload = store.begin("b", 4, 4, 1);
    upload.complete(List.of(part(upload, 1, "text")));

    assertThat(bucket.encryption)
        .containsEntry("meta/models of/7/a", "aws:kms arn:aws:kms:eu-west-1:1:key/2")
        .containsEntry("meta/models of/7/b", "aws:kms arn:aws:kms:eu-west-1:1:key/2");
    assertThat(SignedWorld.text(store, "b")).isEqualTo("text");
  }

  @Test
  void onlyFoldersOfAKnownStorageAreServed() {
    for (String location :
        List.of(
            "abfss://models@account.dfs.core.windows.net/x",
            "s3://bucket",
            "s3://bucket/",
            "s3://bucket/x/../y",
            "s3://BUCKET@evil.example.com/x",
            "gs://bucket/x")) {
      assertThatThrownBy(() -> at(location, credentials(Cloud.S3)))
          .hasMessageContaining("aws_temp_credentials with s3://BUCKET/PATH")
          .hasMessageNotContaining("SECRET");
    }
    assertThatThrownBy(() -> at("r2://bucket@evil.example.com/x", credentials(Cloud.R2)))
        .hasMessageContaining("r2://BUCKET@ACCOUNT.r2.cloudflarestorage.com/PATH");
    assertThatThrownBy(() -> at("s3://bucket/x", JsonNodeFactory.instance.objectNode()))
        .hasMessageContaining("unknown kind");
  }

  private VendedStore store(Cloud cloud) {
    bucket.close();
    bucket = new FakeBucket(cloud.region);
    return again(cloud);
  }

  private VendedStore again(Cloud cloud) {
    return at(cloud.location, credentials(cloud));
  }

  private VendedStore at(String location, JsonNode first) {
    MlflowServer server =
        new MlflowServer(http, bucket.url().uri(), () -> "login", "prod", MlflowPages.none());
    Cloud kind =
        List.of(Cloud.values()).stream()
            .filter(cloud -> first.has(cloud.credentials))
            .findFirst()
            .orElse(Cloud.S3);
    return VendedStore.at(server, location, first, () -> credentials(kind), this::here);
  }

  /** Real addresses are recorded; the bucket stands in for Google's and each of the others. */
  private HttpUrl here(HttpUrl address) {
    hosts.add(address.toString());
    return address.host().equals("storage.googleapis.com")
        ? bucket.url()
        : bucket.url().newBuilder().addPathSegment("bucket").build();
  }

  private ObjectNode credentials(Cloud cloud) {
    int number = vended.incrementAndGet();
    ObjectNode credentials = JsonNodeFactory.instance.objectNode();
    credentials
        .putObject(cloud.credentials)
        .put("access_key_id", "access-" + number)
        .put("secret_access_key", "secret-SECRET-" + number)
        .put("session_token", "session-SECRET-" + number)
        .put("oauth_token", "token-SECRET-" + number);
    return credentials.put("expiration_time", Instant.now().plusSeconds(3600).toEpochMilli());
  }

  private static String part(Upload upload, int number, String text) {
    return upload.part(
        number, SignedWorld.bytes(text).length, ArtifactSink.Body.of(SignedWorld.bytes(text)));
  }

  private void listing(String xml) {
    bucket.before =
        request ->
            request.getUrl().queryParameter("list-type") == null
                ? null
                : FakeBucket.answer(200, "<ListBucketResult>" + xml + "</ListBucketResult>");
  }
}
