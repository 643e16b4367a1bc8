package dev.portage.store.signed;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.store.ArtifactPath;
import dev.portage.store.Parallel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Grants from a signer, each used for part of its lifetime only. If the next keys are known, grants
 * are requested many at a time: a few at first, more with each call. Thread-safe.
 */
public final class Grants {
  /** So that what is kept stays some megabytes. */
  private static final int MOST_KEPT = 4_000;

  private static final int FIRST_BATCH = 64;
  private static final int LARGER_EACH_TIME = 4;

  private final Signer signer;
  private final LongSupplier nanos;
  private final ReentrantLock asking = new ReentrantLock();

  /** The most recently used are last. Guarded by its own lock. */
  private final LinkedHashMap<String, Kept> kept = new LinkedHashMap<>(64, 0.75f, true);

  private volatile Expected expected = new Expected(List.of(), Map.of());
  private int batch = FIRST_BATCH;

  /** Those of this signer. */
  public Grants(Signer signer) {
    this(signer, System::nanoTime);
  }

  Grants(Signer signer, LongSupplier nanos) {
    this.signer = signer;
    this.nanos = nanos;
  }

  private record Kept(Grant grant, long from) {}

  private record Expected(List<String> keys, Map<String, Integer> places) {}

  /** Says which will be needed, in about this order; what was said before is void. */
  public void expect(List<String> keys) {
    if (signer.most() == 1) {
      return;
    }
    Map<String, Integer> places = HashMap.newHashMap(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      places.put(keys.get(i), i);
    }
    expected = new Expected(List.copyOf(keys), places);
  }

  /** A grant that is fresh. */
  public Grant of(String key) {
    Grant known = fresh(key);
    if (known != null) {
      return known;
    }
    if (signer.most() == 1) {
      return ask(List.of(key), key);
    }
    try {
      asking.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Parallel.stopping();
    }
    try {
      known = fresh(key); // Another thread may have requested it in the meantime.
      return known != null ? known : ask(comingFrom(key), key);
    } finally {
      asking.unlock();
    }
  }

  private Grant ask(List<String> keys, String key) {
    long from = nanos.getAsLong();
    Map<String, Grant> signed = signer.sign(keys);
    Grant grant = signed.get(key);
    if (grant == null) {
      throw Failures.of(
          Problem.of(
              FailureKind.PLATFORM,
              "request signed URLs",
              "the workspace",
              "none for " + ArtifactPath.shown(key),
              "Portage retries."));
    }
    synchronized (kept) {
      signed.forEach((name, one) -> kept.put(name, new Kept(one, from)));
      kept.get(key);
      while (kept.size() > MOST_KEPT) {
        kept.pollFirstEntry();
      }
    }
    return grant;
  }

  /** The key and those behind it that have no grant. */
  private List<String> comingFrom(String key) {
    Expected coming = expected;
    Integer place = coming.places().get(key);
    if (place == null) {
      return List.of(key);
    }
    int most = Math.min(batch, Math.min(signer.most(), MOST_KEPT));
    List<String> keys = new ArrayList<>();
    for (int i = place; i < coming.keys().size() && keys.size() < most; i++) {
      if (i == place || fresh(coming.keys().get(i)) == null) {
        keys.add(coming.keys().get(i));
      }
    }
    batch = Math.min(MOST_KEPT, batch * LARGER_EACH_TIME);
    return keys;
  }

  private @Nullable Grant fresh(String key) {
    synchronized (kept) {
      Kept known = kept.get(key);
      return known != null && nanos.getAsLong() - known.from() < known.grant().usedFor().toNanos()
          ? known.grant()
          : null;
    }
  }

  /** Takes a grant that came with another answer. */
  public void keep(String key, Grant grant) {
    synchronized (kept) {
      kept.put(key, new Kept(grant, nanos.getAsLong()));
    }
  }

  /** A grant was refused: it is not used again, and the next call gets another. */
  void refused(String key, Grant grant) {
    synchronized (kept) {
      Kept known = kept.get(key);
      if (known != null && known.grant().equals(grant)) {
        kept.remove(key);
      }
    }
  }
}
