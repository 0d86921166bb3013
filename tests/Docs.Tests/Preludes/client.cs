using System.Text;
using Wharf.Client;

// snippet
