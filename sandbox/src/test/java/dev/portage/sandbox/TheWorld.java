package dev.portage.sandbox;

import dev.portage.sandbox.world.World;
import dev.portage.sandbox.world.WorldFolder;
import dev.portage.sandbox.world.WorldSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One complete world for all integration tests of this JVM, with a gate in front of each workspace.
 * A class is annotated with {@link SharesTheWorld} or {@link OwnsTheWorld}.
 */
public final class TheWorld implements BeforeAllCallback {

  /** What a class holds while it runs, alone or with others. */
  public static final String LOCK = "the world";

  @Override
  public void beforeAll(ExtensionContext context) {
    requireShareOrOwner(context.getRequiredTestClass());
    world();
  }

  /** Without a lock a class would run beside those that kill workers. */
  static void requireShareOrOwner(Class<?> test) {
    boolean shares = has(test, SharesTheWorld.class);
    boolean owns = has(test, OwnsTheWorld.class);
    if (shares == owns) {
      throw new ExtensionConfigurationException(
          test.getName()
              + (shares ? " has both @SharesTheWorld and" : " has neither @SharesTheWorld nor")
              + " @OwnsTheWorld. Annotate it with one of them instead of"
              + " @ExtendWith(TheWorld.class): with @OwnsTheWorld if it kills workers, watches a"
              + " gate or changes the platform file, else with @SharesTheWorld.");
    }
  }

  /** Whether a class or the one around it has an annotation. */
  private static boolean has(Class<?> test, Class<? extends Annotation> annotation) {
    Class<?> around = test.getEnclosingClass();
    return test.isAnnotationPresent(annotation) || (around != null && has(around, annotation));
  }

  /** The world. */
  public static World world() {
    return Started.WORLD;
  }

  /** The gate between a workspace and its callers. */
  public static Gate gate(String workspace) {
    return Started.gate(workspace);
  }

  /** A new, empty folder next to the world, from which commands find it. */
  public static Path folder(String name) {
    try {
      return Files.createTempDirectory(Started.HOME.resolve("checkouts"), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A version that is never ready is waited for no longer. */
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private static final class Started {
    static final Path HOME = home();
    static final Gate DEV = new Gate("dev");
    static final Gate PROD = new Gate("prod");
    static final World WORLD = start();

    static Gate gate(String workspace) {
      return switch (workspace) {
        case "dev" -> DEV;
        case "prod" -> PROD;
        default -> throw new IllegalArgumentException("only dev and prod, not " + workspace);
      };
    }

    private static Path home() {
      try {
        Path home = Files.createTempDirectory("portage-world").toRealPath();
        Files.createDirectories(home.resolve("checkouts"));
        return home;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static World start() {
      try {
        WorldFolder folder =
            new WorldFolder(RealServers.root(), HOME.resolve(".portage"), HOME.resolve("state"));
        World world =
            new World(
                folder,
                new WorldSettings(
                        true,
                        System.getenv(),
                        (name, host) -> gate(name).openBefore(host),
                        // They do little and are restarted again and again.
                        List.of(
                            "-XX:TieredStopAtLevel=1",
                            "-Dportage.partition.files=" + Sizes.PARTITION_FILES),
                        WorldSettings.Spark.NEVER)
                    .withStartLimit(START_LIMIT),
                System.err::println);
        Runtime.getRuntime().addShutdownHook(new Thread(world::close, "end-world"));
        world.start();
        return world;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
