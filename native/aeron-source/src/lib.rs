//! Empty: this package only names where Aeron's sources come from.
