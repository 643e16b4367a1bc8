package dev.portage.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class OldClassesTest {

  private static final int JAVA_8 = 52;
  private static final ClassDesc TYPE = ClassDesc.of("old.Choice");

  @Test
  void aClassOfJava5BecomesOneThatCanBeCachedAndDoesTheSame() throws Exception {
    byte[] jar = jar(choice(ClassFile.JAVA_5_VERSION));

    byte[] renewed = OldClasses.renewed(jar);

    byte[] content = entry(renewed, "old/Choice.class");
    assertThat(ClassFile.of().parse(content).majorVersion()).isEqualTo(JAVA_8);
    assertThat(entry(renewed, "read.me")).isEqualTo(entry(jar, "read.me"));
    Class<?> loaded =
        new ClassLoader() {
          Class<?> define() {
            return defineClass("old.Choice", content, 0, content.length);
          }
        }.define();
    // A branch: the verifier of this format wants frames where it lands.
    assertThat(loaded.getMethod("pick", boolean.class).invoke(null, true)).isEqualTo(1);
    assertThat(loaded.getMethod("pick", boolean.class).invoke(null, false)).isEqualTo(2);
    assertThat(OldClasses.renewed(jar)).as("the same each time").isEqualTo(renewed);
  }

  @Test
  void aJarWithoutOldClassesStaysAsItIs() throws IOException {
    byte[] jar = jar(choice(ClassFile.JAVA_17_VERSION));

    assertThat(OldClasses.renewed(jar)).isSameAs(jar);
  }

  /** {@code static int pick(boolean b) { return b ? 1 : 2; }}, as a compiler of then made it. */
  private static byte[] choice(int version) {
    return ClassFile.of(
            version < ClassFile.JAVA_6_VERSION
                ? ClassFile.StackMapsOption.DROP_STACK_MAPS
                : ClassFile.StackMapsOption.GENERATE_STACK_MAPS)
        .build(
            TYPE,
            type ->
                type.withVersion(version, 0)
                    .withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER)
                    .withMethodBody(
                        "pick",
                        MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_boolean),
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                        code ->
                            code.iload(0)
                                .ifThenElse(
                                    yes -> yes.iconst_1().ireturn(),
                                    no -> no.iconst_2().ireturn())));
  }

  private static byte[] jar(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("read.me"));
      zip.write("text".getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
      zip.putNextEntry(new ZipEntry("old/Choice.class"));
      zip.write(content);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static byte[] entry(byte[] jar, String name) throws IOException {
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (Objects.equals(entry.getName(), name)) {
          return in.readAllBytes();
        }
      }
    }
    throw new AssertionError("no " + name);
  }
}
