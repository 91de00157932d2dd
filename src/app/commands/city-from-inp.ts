import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { InvalidArgumentError, type Command } from 'commander'
import { InpError, inventoryOf, type InpInventory } from '../../../simulators/hydrology/index.js'
import { CommandError, EXIT } from '../exit.js'
import { faultList, fileError } from '../file-faults.js'
import { inpCity } from '../inp-city.js'

interface FromInpFlags {
  readonly id: string
  readonly timeZone: string
  readonly at?: readonly [number, number]
}

/** `rainledger city from-inp`: a registry to begin with, from a SWMM input file. */
export function cityFromInpCommand(city: Command): void {
  city
    .command('from-inp')
    .summary('print a registry skeleton of a SWMM input file')
    .description(
      'Catchments with areas and surfaces from SUBCATCHMENTS and LID_USAGE, a zone and an unmetered outfall for each\n' +
        'of OUTFALLS that water comes to, a station with a rain gauge for each of RAINGAGES. Positions come from\n' +
        'COORDINATES and SYMBOLS of a map in degrees. Pumps, weirs and storages are followed, nothing is run.',
    )
    .argument('<file>', 'SWMM input file (.inp)')
    .option('--id <id>', 'id of the city', 'town')
    .option('--time-zone <zone>', 'IANA zone of the city', 'Asia/Shanghai')
    .option('--at <lon,lat>', 'where the stations are that the file does not place', lonLat)
    .addHelpText('after', HELP)
    .action(async (file: string, flags: FromInpFlags) => {
      await fromInp(file, flags)
    })
}

const HELP = `
Example:
  rainledger city from-inp town.inp --id town --at 121.47,31.23 > city.yaml
  rainledger city check city.yaml

Prints YAML. What the file cannot tell is a stand-in, marked unverified or named in the comment at the top.

Exit codes: 0 done; 2 bad usage or file.`

function lonLat(text: string): readonly [number, number] {
  const [lon = Number.NaN, lat = Number.NaN, ...more] = text.split(',').map(Number)
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && more.length === 0) return [lon, lat]
  throw new InvalidArgumentError('--at takes lon,lat in degrees, such as 121.47,31.23.')
}

async function fromInp(path: string, flags: FromInpFlags): Promise<void> {
  const inventory = await inventoryOfFile(path)
  const lost = inventory.gauges.find(({ position }) => position === null)
  if (lost !== undefined && flags.at === undefined) {
    throw new CommandError(
      EXIT.badInput,
      `${path}: rain gauge "${lost.name}" has no position in degrees ([MAP] UNITS DEGREES and [SYMBOLS]); give --at lon,lat`,
    )
  }
  process.stdout.write(
    inpCity(inventory, {
      cityId: flags.id,
      timeZone: flags.timeZone,
      source: basename(path),
      elsewhere: flags.at ?? [0, 0],
    }),
  )
}

async function inventoryOfFile(path: string): Promise<InpInventory> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw fileError(path, error)
  }
  try {
    return inventoryOf(text)
  } catch (error) {
    if (!(error instanceof InpError)) throw error
    throw new CommandError(EXIT.badInput, faultList(path, error.faults), { cause: error })
  }
}
