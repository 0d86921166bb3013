using Wharf.Client;
using Wharf.Tables;

Table table = null!;
var limit = 9.5;
// snippet
