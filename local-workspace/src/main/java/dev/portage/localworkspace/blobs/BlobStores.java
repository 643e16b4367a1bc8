package dev.portage.localworkspace.blobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Opens the store that the settings name. */
public final class BlobStores {
  private BlobStores() {}

  /**
   * Opens a store behind a gate.
   *
   * @param folder for what is kept here
   * @param life how long a signed URL is good
   * @throws IOException when the folder can't be made or the store behind does not answer
   */
  public static BlobStore open(BlobGate gate, BlobSettings settings, Path folder, Duration life)
      throws IOException {
    Files.createDirectories(folder);
    return switch (settings) {
      case BlobSettings.Adls(String container) ->
          new LakeStore(gate, folder, KeyFile.in(folder), container, life);
      case BlobSettings.Gcs(String bucket) ->
          new GoogleStore(gate, folder, KeyFile.in(folder), bucket, life);
      case BlobSettings.Azure azure -> new AzureStore(gate, azure, life);
      case BlobSettings.S3 s3 -> new S3Store(gate, s3, life);
    };
  }
}
