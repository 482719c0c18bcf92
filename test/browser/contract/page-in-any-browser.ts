import './own-world.js';
import './page.js';
