package dev.portage.sandbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Runs beside others in {@link TheWorld}: kills nobody, changes no platform file, watches no gate,
 * and uses model names of its own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TheWorld.class)
@ResourceLock(value = TheWorld.LOCK, mode = ResourceAccessMode.READ)
public @interface SharesTheWorld {}
