package dev.portage.load;

/**
 * What a part used during a measurement.
 *
 * @param seconds CPU time
 * @param cores CPU time by time: 1 is a core that was busy all along
 * @param resident bytes in memory at the end; 0 if the system doesn't say
 */
record Used(double seconds, double cores, long resident) {}
