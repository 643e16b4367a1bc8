package dev.portage.distribution;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings the classes of a jar to a format that the JVM can cache. It caches none that is older than
 * Java 6, and picocli's, which every command needs first, are built for Java 5: loading them took
 * half of the time of a start. Only the format changes, and the frames that it wants are added.
 */
final class OldClasses {

  /** Between the magic number and the minor version. */
  private static final int MAJOR_AT = 7;

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private OldClasses(byte[] jar) throws IOException {
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    }
  }

  /** The jar with classes that can be cached; the same one if it has no others. */
  static byte[] renewed(byte[] jar) throws IOException {
    OldClasses classes = new OldClasses(jar);
    return classes.entries.entrySet().stream()
            .anyMatch(entry -> isOld(entry.getKey(), entry.getValue()))
        ? classes.renewed()
        : jar;
  }

  private static boolean isOld(String name, byte[] content) {
    return name.endsWith(".class")
        && content.length > MAJOR_AT
        && content[MAJOR_AT] < ClassFile.JAVA_6_VERSION;
  }

  private byte[] renewed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> one : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(one.getKey());
        entry.setTimeLocal(Archive.ZERO);
        out.putNextEntry(entry);
        out.write(
            isOld(one.getKey(), one.getValue()) ? renewedClass(one.getValue()) : one.getValue());
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** As it is, where it stands on classes that are not in the jar: nobody loads it without them. */
  private byte[] renewedClass(byte[] old) {
    ClassFile format =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(this::find)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    ClassModel model = format.parse(old);
    try {
      byte[] renewed =
          format.transformClass(
              model,
              (builder, element) -> {
                switch (element) {
                  case ClassFileVersion _ -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0);
                  case MethodModel method ->
                      builder.transformMethod(
                          method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
                  default -> builder.with(element);
                }
              });
      return format.verify(renewed).isEmpty() ? renewed : old;
    } catch (IllegalArgumentException _) {
      return old;
    }
  }

  private @Nullable InputStream find(ClassDesc type) {
    String name = type.descriptorString();
    byte[] content = entries.get(name.substring(1, name.length() - 1) + ".class");
    return content == null ? null : new ByteArrayInputStream(content);
  }
}
