package dev.portage.load;

/**
 * What a part used while something was measured.
 *
 * @param seconds processor time
 * @param cores processor time by time: 1 is a core that was busy all along
 * @param resident bytes in memory at the end; 0 where the system does not tell
 */
record Used(double seconds, double cores, long resident) {}
