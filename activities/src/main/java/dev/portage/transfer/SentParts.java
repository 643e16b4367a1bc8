package dev.portage.transfer;

import dev.portage.store.Parallel;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which parts of one upload have arrived. Stored in blocks of neighboring parts, of which a part
 * rewrites only its own, so the last of ten thousand costs no more than the first. Parts that
 * finish while their block is being written are written together, by the next of them.
 */
final class SentParts {
  /** Parts in a block. One of them, with the tags of the longest stores, stays below 16 KiB. */
  static final int BLOCK = 64;

  /** Keeps the tags of one block, by the numbers of the parts, over what was kept of it before. */
  @FunctionalInterface
  interface Keeper {
    void keep(int block, Map<Integer, String> tags);
  }

  private final Keeper keeper;
  private final Map<Integer, Block> blocks = new ConcurrentHashMap<>();
  private final AtomicInteger kept = new AtomicInteger();

  /**
   * Those of one upload.
   *
   * @param known tags of the parts that have arrived, by part number
   */
  SentParts(Map<Integer, String> known, Keeper keeper) {
    this.keeper = keeper;
    known.forEach((number, tag) -> block(number).tags.put(number, tag));
    blocks.values().forEach(Block::isKept);
  }

  /** Index of the block that a part is in; parts count from 1, blocks from 0. */
  private static int blockOf(int number) {
    return (number - 1) / BLOCK;
  }

  /** Tags of all parts, by their numbers, in order. */
  Map<Integer, String> tags() {
    Map<Integer, String> all = new TreeMap<>();
    blocks.values().forEach(block -> all.putAll(block.all()));
    return all;
  }

  /** How many parts have arrived and are recorded. */
  int count() {
    return kept.get();
  }

  /** A part has arrived. Returns once that is recorded; until then the part does not count. */
  void add(int number, String tag) {
    block(number).add(number, tag);
  }

  /** Whether a part has arrived. If recording it failed, it is recorded now. */
  boolean has(int number) {
    Block block = blocks.get(blockOf(number));
    return block != null && block.has(number);
  }

  private Block block(int number) {
    return blocks.computeIfAbsent(blockOf(number), Block::new);
  }

  private final class Block {
    private final int index;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private final Map<Integer, String> tags = new HashMap<>();

    /** Grows with each tag that is added. */
    private long version;

    /** The version that was kept last. */
    private long keptVersion;

    private int keptParts;
    private boolean isWriting;

    private Block(int index) {
      this.index = index;
    }

    /** What it was made with is what was kept. */
    private void isKept() {
      keptParts = tags.size();
      kept.addAndGet(keptParts);
    }

    private Map<Integer, String> all() {
      lock.lock();
      try {
        return new HashMap<>(tags);
      } finally {
        lock.unlock();
      }
    }

    private void add(int number, String tag) {
      lock.lock();
      try {
        tags.put(number, tag);
        version++;
        keep();
      } finally {
        lock.unlock();
      }
    }

    private boolean has(int number) {
      lock.lock();
      try {
        if (!tags.containsKey(number)) {
          return false;
        }
        keep();
        return true;
      } finally {
        lock.unlock();
      }
    }

    private void keep() {
      long mine = version;
      try {
        while (keptVersion < mine) {
          if (isWriting) {
            written.await();
          } else {
            write();
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Parallel.stopping();
      }
    }

    /** Nobody waits for the lock while the store takes its time. */
    private void write() {
      long now = version;
      Map<Integer, String> all = new TreeMap<>(tags);
      isWriting = true;
      boolean isDone = false;
      lock.unlock();
      try {
        keeper.keep(index, all);
        isDone = true;
      } finally {
        lock.lock();
        isWriting = false;
        if (isDone) {
          keptVersion = now;
          kept.addAndGet(all.size() - keptParts);
          keptParts = all.size();
        }
        written.signalAll();
      }
    }
  }
}
