/** A small log without faults, by a system that follows SPEC, and its workload. One event stands on each line. */

export const START = 1_700_000_000_000;

type Fields = Readonly<Record<string, string>>;

const render = (kind: string, fields: Fields): string => {
  const texts = Object.entries(fields).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `  <${kind}>${texts.join('')}</${kind}>`;
};

const NAMES: Readonly<Record<string, string>> = {
  UC: 'userCommand',
  SE: 'systemEvent',
  EE: 'errorEvent',
};

/**
 * Renders an event as the log writes it. `what` is the kind (`UC`, `SE`, `EE`, `QS` or `AT`), the seconds since
 * the start, the transaction number, and the other fields in the order of SPEC §5.1; `-` leaves one out.
 */
export function event(what: string, message?: string): string {
  const [kind = '', seconds = '', number = '', ...rest] = what.split(' ');
  const timestamp = String(START + Math.round(Number(seconds) * 1_000));
  const origin = { timestamp, server: 'transaction-1', transactionNum: number };
  const [one = '', two = '', three = '', four = ''] = rest;
  if (kind === 'QS') {
    const quote = { price: one, stockSymbol: two, username: three, quoteServerTime: timestamp };
    return render('quoteServer', { ...origin, ...quote, cryptokey: 'Fg8=' });
  }
  if (kind === 'AT') {
    return render('accountTransaction', { ...origin, action: one, username: two, funds: three });
  }
  const isDump = one === 'DUMPLOG';
  const all: Fields = {
    command: one,
    username: two,
    ...(isDump ? { filename: three } : { stockSymbol: three, funds: four }),
    errorMessage: message ?? '',
  };
  const given = Object.entries(all).filter(([, text]) => text !== '' && text !== '-');
  return render(NAMES[kind] ?? kind, { ...origin, ...Object.fromEntries(given) });
}

/** The lines of the log; the first has the index 0, and is line 1 of the log. */
export const RIGHT_LOG: readonly string[] = [
  '<?xml version="1.0"?>',
  '<log>',
  event('UC 0 1 ADD alice - 1000.00'),
  event('AT 0 1 add alice 1000.00'),
  event('UC 1 2 ADD bob - 500.00'),
  event('AT 1 2 add bob 500.00'),
  event('QS 2 3 10.00 ABC alice'),
  event('UC 3 3 BUY alice ABC 100.00'),
  event('UC 4 4 COMMIT_BUY alice'),
  event('AT 4 4 remove alice 100.00'),
  event('UC 5 5 BUY bob ABC 50.00'),
  event('SE 5 5 BUY bob ABC 50.00'),
  event('UC 6 6 COMMIT_SELL bob'),
  event('EE 6 6 COMMIT_SELL bob', 'no-pending-sell: there is no pending sell'),
  event('UC 7 7 SET_BUY_AMOUNT alice XYZ 200.00'),
  event('AT 7 7 remove alice 200.00'),
  event('QS 8 8 25.00 XYZ alice'),
  event('UC 9 8 SET_BUY_TRIGGER alice XYZ 20.00'),
  event('UC 10 9 CANCEL_BUY bob'),
  event('UC 11 10 SELL alice ABC 60.00'),
  event('SE 11 10 SELL alice ABC 60.00'),
  event('UC 12 11 COMMIT_SELL alice'),
  event('AT 12 11 add alice 60.00'),
  event('QS 80 8 19.00 XYZ alice'),
  event('SE 81 8 SET_BUY_TRIGGER alice XYZ 20.00'),
  event('AT 81 8 add alice 10.00'),
  event('UC 82 12 SET_SELL_AMOUNT alice XYZ 95.00'),
  event('UC 83 13 SET_SELL_TRIGGER alice XYZ 18.00'),
  event('SE 83 13 SET_SELL_TRIGGER alice XYZ 18.00'),
  event('SE 83 13 SET_SELL_TRIGGER alice XYZ 18.00'),
  event('AT 83 13 add alice 95.00'),
  event('UC 84 14 DISPLAY_SUMMARY bob'),
  event('UC 85 15 DUMPLOG - ./testLOG'),
  '</log>',
];

export const RIGHT_WORKLOAD: readonly string[] = [
  'ADD,alice,1000.00',
  'ADD,bob,500.00',
  'BUY,alice,ABC,100.00',
  'COMMIT_BUY,alice',
  'BUY,bob,ABC,50.00',
  'COMMIT_SELL,bob',
  'SET_BUY_AMOUNT,alice,XYZ,200.00',
  'SET_BUY_TRIGGER,alice,XYZ,20.00',
  'CANCEL_BUY,bob',
  'SELL,alice,ABC,60.00',
  'COMMIT_SELL,alice',
  'SET_SELL_AMOUNT,alice,XYZ,95.00',
  'SET_SELL_TRIGGER,alice,XYZ,18.00',
  'DISPLAY_SUMMARY,bob',
  'DUMPLOG,./testLOG',
];
