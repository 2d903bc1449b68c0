/** Style sheets that a lazily loaded part imports, so that it brings them with it. */
declare module '*.css';
