package io.switchboard.bridges.nacos;

import java.io.IOException;

/** Nacos answered, and did not do what it was asked to. */
final class NacosException extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    NacosException(int status, String text) {
        super(text);
        this.status = status;
    }

    /** Of HTTP. */
    int status() {
        return status;
    }
}
