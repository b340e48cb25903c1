// The part of Tabulator that long tables of the portal use.
import { Tabulator, AccessorModule, FilterModule, FormatModule, FrozenColumnsModule, InteractionModule, KeybindingsModule, EditModule, PageModule, ResizeColumnsModule, SortModule } from "tabulator-tables";

Tabulator.registerModule([AccessorModule, EditModule, FilterModule, FormatModule, FrozenColumnsModule, InteractionModule, KeybindingsModule, PageModule,
  ResizeColumnsModule, SortModule]);

export { Tabulator };
