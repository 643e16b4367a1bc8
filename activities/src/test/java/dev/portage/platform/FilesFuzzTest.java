package dev.portage.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.kind.KnownKinds;
import dev.portage.settings.PromotionFile;
import dev.portage.text.Visible;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Reading either file, whatever it contains, gives its content or errors that a person can read.
 * {@code -Dfuzz.seed} and {@code -Dfuzz.inputs} search further than each build does.
 */
class FilesFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20_261_129L);
  private static final int INPUTS = Integer.getInteger("fuzz.inputs", 3_000);

  /** CPU time, which is comparable on a busy machine. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private static final String YAML_BREAKS = "\n\r\u0085\u2028\u2029";

  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  @Test
  void anyPromotionFileIsReadOrRefusedWithItsLines() throws IOException {
    attack(
        examples("examples/diabetes/promotion.yaml", "examples/churn/promotion.yaml"),
        text -> PromotionFile.read("promotion.yaml", text));
  }

  @Test
  void anyPlatformFileIsReadOrRefusedWithItsLines() throws IOException {
    attack(
        examples("examples/churn/portage.yaml", "deploy/portage.yaml"),
        text -> Platform.read("portage.yaml", text, KnownKinds.all()));
  }

  private static void attack(List<String> good, Function<String, Reading<?>> reader) {
    // The first read loads classes, which is not what is measured.
    good.forEach(text -> assertThat(reader.apply(text).faults()).isEmpty());
    NastyFiles files = new NastyFiles(SEED);
    for (int i = 0; i < INPUTS; i++) {
      String text = i % 3 == 2 ? files.madeUp() : files.like(good.get(i % good.size()));
      check(i, text, reader);
    }
  }

  private static void check(int number, String text, Function<String, Reading<?>> reader) {
    long before = CLOCK.getCurrentThreadCpuTime();
    Reading<?> reading;
    try {
      reading = reader.apply(text);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("input " + number + " broke the reader:\n" + shown(text), e);
    }
    if (CLOCK.getCurrentThreadCpuTime() - before > LONGEST.toNanos()) {
      fail("input " + number + " took more than " + LONGEST + ":\n" + shown(text));
    }
    List<ValidationError> faults = reading.faults();
    assertThat(faults).as("input %d", number).hasSizeLessThanOrEqualTo(21);
    for (ValidationError fault : faults) {
      assertThat(fault.line())
          .isBetween(1, 1 + (int) text.chars().filter(c -> YAML_BREAKS.indexOf(c) >= 0).count());
      assertThat(fault.toString().codePoints())
          .as("input %d: %s", number, fault)
          .allMatch(Visible::isShown)
          .hasSizeLessThan(4_000);
      assertThat(fault.toString()).doesNotContain("dapi0123456789abcdef0123");
    }
  }

  private static List<String> examples(String... files) throws IOException {
    Path root = Path.of(Objects.requireNonNull(System.getProperty("portage.root")));
    List<String> texts = new ArrayList<>();
    for (String file : files) {
      texts.add(Files.readString(root.resolve(file)));
    }
    return texts;
  }

  /** Enough to recognise it; the seed reproduces the whole. */
  private static String shown(String text) {
    return "seed " + SEED + "\n" + Visible.lines(text.substring(0, Math.min(2_000, text.length())));
  }
}
