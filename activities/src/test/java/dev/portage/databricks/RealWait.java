package dev.portage.databricks;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Real time without Temporal. */
final class RealWait implements ActivityWait {
  private volatile @Nullable String last;

  /** The last wait. */
  @Nullable String last() {
    return last;
  }

  @Override
  public void beat(String detail) {
    last = detail;
  }

  @Override
  public void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public Instant now() {
    return Instant.now();
  }
}
