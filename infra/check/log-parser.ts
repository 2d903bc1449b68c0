/** Splits the XML of a log into its events, in memory that does not grow with the log. */
import xml from 'sax';
import { showText } from '../../shared/messages/show-text.ts';
import type { FindingKind } from './finding-kinds.ts';
import type { RawEvent, RawField } from './log-event.ts';

type ParserEvents = {
  readonly onEvent: (event: RawEvent) => void;
  readonly onFault: (fault: ParserFault) => void;
};

type ParserFault = {
  readonly kind: FindingKind;
  readonly line: number;
  readonly expected: string;
  readonly found: string;
};

/** The depth of an element: the log is the first, its events are the second, and their fields the third. */
const LOG = 1;
const EVENT = 2;
const FIELD = 3;

/** The longest value of a field that is kept. */
const TEXT_MAX = 100_000;
/** With so many faults, or one before the first element, the text is no XML, and the rest is not read. */
const FAULTS_MAX = 1_000;
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const BLANK = /^[\t\n\r ]*$/;

export class LogParser {
  readonly #parser = xml.parser(true, { position: true });
  readonly #events: ParserEvents;
  #depth = 0;
  #roots = 0;
  #faults = 0;
  #event = { kind: '', line: 0 };
  #fields: RawField[] = [];
  #text = '';

  constructor(events: ParserEvents) {
    this.#events = events;
    const parser = this.#parser;
    parser.onerror = ({ message }) => this.#onError(message);
    parser.onopentagstart = ({ name }) => this.#onOpen(name);
    parser.onattribute = (attribute) => this.#onAttribute(attribute);
    parser.ontext = (piece) => this.#onText(piece);
    parser.oncdata = (piece) => this.#onText(piece);
    parser.onclosetag = (name) => this.#onClose(name);
  }

  /** Takes the next piece of the text, which must not end within a character. */
  write(piece: string): void {
    if (this.#faults >= FAULTS_MAX) return;
    this.#checkCharacters(piece);
    this.#parser.write(piece);
  }

  /** The parser accepts all characters. */
  #checkCharacters(piece: string): void {
    const at = piece.search(NOT_XML);
    if (at < 0) return;
    this.#faults += 1;
    const lines = piece.slice(0, at).split('\n').length;
    this.#events.onFault({
      kind: 'xml-broken',
      line: this.#parser.line + lines,
      expected: 'characters that XML allows',
      found: showText(piece.charAt(at)),
    });
  }

  /** Reports what is unfinished at the end. */
  end(): void {
    if (this.#faults < FAULTS_MAX) this.#parser.close();
    if (this.#roots === 0) this.#fault('root-wrong', 'one root element <log>', 'none');
  }

  #fault(kind: FindingKind, expected: string, found: string): void {
    this.#events.onFault({ kind, line: this.#parser.line + 1, expected, found });
  }

  #stray(found: string): void {
    this.#fault('content-unexpected', 'events of fields, and nothing else', found);
  }

  #onError(message: string): void {
    this.#parser.resume();
    if (this.#faults >= FAULTS_MAX) return;
    const isHopeless = this.#roots === 0 || message.startsWith('Max buffer length exceeded');
    this.#faults += isHopeless ? FAULTS_MAX : 1;
    this.#fault('xml-broken', 'well-formed XML', message.split('\n')[0] ?? '');
  }

  #onOpen(name: string): void {
    this.#depth += 1;
    this.#text = '';
    if (this.#depth === LOG) this.#onRoot(name);
    if (this.#depth > FIELD) this.#stray(`<${name}> in a field`);
    if (this.#depth !== EVENT) return;
    this.#event = { kind: name, line: this.#parser.line + 1 };
    this.#fields = [];
  }

  #onRoot(name: string): void {
    this.#roots += 1;
    const isAnother = this.#roots > 1;
    if (name === 'log' && !isAnother) return;
    this.#fault('root-wrong', 'one root element <log>', `${isAnother ? 'another, ' : ''}<${name}>`);
  }

  #onAttribute({ name, value }: { readonly name: string; readonly value: string }): void {
    if (this.#depth === EVENT) this.#fields.push({ name, text: value, isAttribute: true });
    // The root may have attributes, such as the address of a schema.
    else if (this.#depth !== LOG) this.#stray(`the attribute ${name}`);
  }

  #onText(piece: string): void {
    // The parser itself reports text outside of the root.
    if (this.#depth === 0) return;
    if (this.#depth !== FIELD) {
      if (!BLANK.test(piece)) this.#stray(`the text ${showText(piece.trim())}`);
    } else if (this.#text.length <= TEXT_MAX) {
      this.#text += piece;
      if (this.#text.length > TEXT_MAX) this.#stray(`a text of over ${TEXT_MAX} characters`);
    }
  }

  #onClose(name: string): void {
    if (this.#depth === FIELD) {
      this.#fields.push({ name, text: this.#text, isAttribute: false });
    }
    if (this.#depth === EVENT) this.#events.onEvent({ ...this.#event, fields: this.#fields });
    this.#text = '';
    this.#depth -= 1;
  }
}
