package dev.portage.databricks;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What a wheel says of how it can be run.
 *
 * @param entryPoints names of its entry points, of every group
 * @param module the source of the module of the package's own name, "" where it has none
 * @see <a href="https://packaging.python.org/en/latest/specifications/entry-points/">Entry
 *     points</a>
 */
record WheelContents(Set<String> entryPoints, String module) {
  /** Far more than any of these files has. */
  private static final int LONGEST = 1024 * 1024;

  private static final Pattern ENTRY_POINT = Pattern.compile("([^\\s=#;\\[][^=]*?)\\s*=.*");

  /**
   * Reads a wheel.
   *
   * @param pack name of the package
   * @throws IOException when it is none
   */
  static WheelContents read(byte[] wheel, String pack) throws IOException {
    Set<String> entryPoints = new TreeSet<>();
    String own = pack.replaceAll("[-.]+", "_");
    String module = "";
    boolean described = false;
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(wheel))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName();
        if (name.endsWith(".dist-info/entry_points.txt")) {
          entryPoints.addAll(names(text(zip)));
        } else if (name.equals(own + ".py") || name.equals(own + "/__init__.py")) {
          module = text(zip);
        }
        described |= name.endsWith(".dist-info/METADATA");
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("a name in it can't be read", e);
    }
    if (!described) {
      throw new IOException("it has no METADATA");
    }
    return new WheelContents(entryPoints, module);
  }

  /**
   * Whether an entry point can be called, as far as can be seen: a function of the package may be
   * imported from another module in any way.
   */
  boolean mayHave(String entryPoint) {
    return entryPoints.contains(entryPoint)
        || module.contains("import *")
        || module.contains("__getattr__")
        || Pattern.compile("\\b" + Pattern.quote(entryPoint) + "\\b").matcher(module).find();
  }

  private static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    text.lines()
        .map(String::strip)
        .map(ENTRY_POINT::matcher)
        .filter(Matcher::matches)
        .forEach(line -> names.add(String.valueOf(line.group(1))));
    return names;
  }

  private static String text(ZipInputStream zip) throws IOException {
    return new String(zip.readNBytes(LONGEST), StandardCharsets.UTF_8);
  }
}
